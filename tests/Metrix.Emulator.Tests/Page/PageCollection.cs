using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests.Page;

/// <summary>One browser for all tests of the page, one after the other.</summary>
[CollectionDefinition(Name)]
public class PageCollection : ICollectionFixture<Browser>
{
    public const string Name = "Page";
}
