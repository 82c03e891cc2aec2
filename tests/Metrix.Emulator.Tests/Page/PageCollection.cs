using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests.Page;

/// <summary>Shares one browser among all tests of the page and runs them one after another.</summary>
[CollectionDefinition(Name)]
public class PageCollection : ICollectionFixture<Browser>
{
    public const string Name = "Page";
}
