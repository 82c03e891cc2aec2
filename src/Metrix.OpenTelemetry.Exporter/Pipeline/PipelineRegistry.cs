using System.Diagnostics;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// The pipelines of one application: tracing and logging share one for each name of options.
/// </summary>
internal sealed class PipelineRegistry(IOptionsMonitor<MetrixExporterOptions> options) : IDisposable
{
    private readonly object _lock = new();
    private readonly Dictionary<string, ExporterPipeline> _pipelines = new(StringComparer.Ordinal);
    private readonly HashSet<(Type, string)> _processors = [];

    /// <exception cref="ArgumentException">A setting is missing, unknown or impossible.</exception>
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
    /// <param name="create">Makes it, when it should not use the pipeline of the name. Default null.</param>
    public BaseProcessor<LogRecord> CreateLogRecordProcessor(string name, Func<BaseProcessor<LogRecord>>? create = null)
    {
        if (!IsFirst<LogRecord>(name))
            return new DuplicateProcessor<LogRecord>();

        return create?.Invoke() ?? Get(name).CreateLogRecordProcessor();
    }

    /// <summary>Closes what no processor closed: one that was made for a provider whose building then failed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var pipeline in _pipelines.Values)
                pipeline.Close();
        }
    }

    private bool IsFirst<T>(string name)
    {
        lock (_lock)
        {
            return _processors.Add((typeof(T), name));
        }
    }
}
