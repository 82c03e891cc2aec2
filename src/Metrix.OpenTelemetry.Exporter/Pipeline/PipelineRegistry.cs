using System.Diagnostics;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// Holds the pipelines of one application. Tracing and logging with the same options name share a pipeline.
/// </summary>
internal sealed class PipelineRegistry(IOptionsMonitor<MetrixExporterOptions> options) : IDisposable
{
    private readonly object _lock = new();
    private readonly Dictionary<string, ExporterPipeline> _pipelines = new(StringComparer.Ordinal);
    private readonly HashSet<(Type, string)> _processors = [];

    /// <exception cref="ArgumentException">A setting is missing, unknown or invalid.</exception>
    public ExporterPipeline Get(string name)
    {
        lock (_lock)
        {
            if (!_pipelines.TryGetValue(name, out var pipeline))
                _pipelines.Add(name, pipeline = new ExporterPipeline(options.Get(name)));
            return pipeline;
        }
    }

    public BaseProcessor<Activity> CreateActivityProcessor(string name) =>
        IsFirst<Activity>(name) ? Get(name).CreateActivityProcessor() : new DuplicateProcessor<Activity>();

    /// <param name="name">The name of the options.</param>
    /// <param name="create">Creates the processor. Default null: the processor uses the pipeline of the name.</param>
    public BaseProcessor<LogRecord> CreateLogRecordProcessor(string name, Func<BaseProcessor<LogRecord>>? create = null)
    {
        if (!IsFirst<LogRecord>(name))
            return new DuplicateProcessor<LogRecord>();

        return create?.Invoke() ?? Get(name).CreateLogRecordProcessor();
    }

    /// <summary>
    /// Closes the pipelines that no processor closed, such as a pipeline for a provider that could not be built.
    /// </summary>
    public void Dispose()
    {
        ExporterPipeline[] pipelines;
        lock (_lock)
        {
            pipelines = [.. _pipelines.Values];
        }

        // Closing calls the application's callbacks, which may use this registry.
        foreach (var pipeline in pipelines)
            pipeline.Close();
    }

    private bool IsFirst<T>(string name)
    {
        lock (_lock)
        {
            return _processors.Add((typeof(T), name));
        }
    }
}
