namespace Metrix.OpenTelemetry.Exporter.Tests.Support;

/// <summary>
/// Groups the tests that enable the instrumentation of ASP.NET Core or HttpClient, so that they do not run in parallel.
/// Their activity sources are static, so each test would see the requests of the others.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InstrumentationCollection
{
    public const string Name = "Instrumentation";
}
