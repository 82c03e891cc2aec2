namespace Serilog.Sinks.Metrix.Tests.Support;

/// <summary>Groups the tests that enable <c>SelfLog</c>, so that they do not run in parallel: it is static.</summary>
[CollectionDefinition(Name)]
public sealed class SelfLogCollection
{
    public const string Name = "SelfLog";
}
