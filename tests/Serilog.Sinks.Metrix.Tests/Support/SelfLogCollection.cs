namespace Serilog.Sinks.Metrix.Tests.Support;

/// <summary>Tests that set Serilog's own log, of which a process has one.</summary>
[CollectionDefinition(Name)]
public sealed class SelfLogCollection
{
    public const string Name = "SelfLog";
}
