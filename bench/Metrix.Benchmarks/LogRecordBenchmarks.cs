using BenchmarkDotNet.Attributes;
using Metrix.OpenTelemetry.Exporter;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Metrix.Benchmarks;

/// <summary>
/// Measures an ordinary log record with the exporter in the pipeline, and with an empty processor instead.
/// </summary>
[MemoryDiagnoser]
public partial class LogRecordBenchmarks
{
    private readonly ILoggerFactory _without = Factory(options => options.AddProcessor(new EmptyProcessor()));
    private readonly ILoggerFactory _with = Factory(options => options.AddMetrixExporter(Configure));
    private ILogger? _bare;
    private ILogger? _exported;

    [GlobalSetup]
    public void Setup() => (_bare, _exported) = (_without.CreateLogger("Shop"), _with.CreateLogger("Shop"));

    [GlobalCleanup]
    public void Cleanup()
    {
        _without.Dispose();
        _with.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Without() => Took(_bare!, "GET", 12.5);

    [Benchmark]
    public void With() => Took(_exported!, "GET", 12.5);

    private static void Configure(MetrixExporterOptions options)
    {
        options.AppId = "app";
        options.DevKey = "key";
        options.Slugs["Purchase"] = "taqsq";
    }

    private static ILoggerFactory Factory(Action<OpenTelemetryLoggerOptions> configure) =>
        LoggerFactory.Create(builder => builder.AddOpenTelemetry(configure));

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} took {Elapsed} ms")]
    private static partial void Took(ILogger logger, string method, double elapsed);

    private sealed class EmptyProcessor : BaseProcessor<LogRecord>;
}
