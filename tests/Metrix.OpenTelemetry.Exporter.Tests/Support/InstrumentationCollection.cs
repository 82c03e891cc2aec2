namespace Metrix.OpenTelemetry.Exporter.Tests.Support;

/// <summary>
/// Tests with the instrumentation of ASP.NET Core or HttpClient on, whose activity sources are the process's: side by side
/// each would see the requests of the other.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InstrumentationCollection
{
    public const string Name = "Instrumentation";
}
