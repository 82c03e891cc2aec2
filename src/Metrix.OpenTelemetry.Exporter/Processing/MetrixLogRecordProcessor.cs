using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Processing;

/// <summary>
/// Stands in the logging pipeline, for the same reasons as <see cref="MetrixActivityProcessor"/>.
/// </summary>
internal sealed class MetrixLogRecordProcessor(Pipeline pipeline) : BaseProcessor<LogRecord>
{
    private readonly Membership _membership = new(pipeline);

    public override void OnEnd(LogRecord data) => pipeline.Take(data);

    protected override bool OnForceFlush(int timeoutMilliseconds) => pipeline.Flush(timeoutMilliseconds);

    protected override bool OnShutdown(int timeoutMilliseconds) => _membership.Leave(timeoutMilliseconds);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _membership.Dispose();
        base.Dispose(disposing);
    }
}
