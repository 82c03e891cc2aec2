using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// Passes the records of a signal to the pipeline.
/// </summary>
/// <remarks>
/// It does not use the SDK's batch export processor, which skips unsampled activities, silently drops the newest
/// records when its queue is full, and reports a flush as complete while it is still running.
/// </remarks>
/// <param name="pipeline">The pipeline that the processor uses until it is shut down.</param>
/// <param name="accept">Passes a record to the pipeline. Must not throw.</param>
internal sealed class MetrixProcessor<T>(ExporterPipeline pipeline, Func<T, bool> accept) : BaseProcessor<T>
{
    private readonly PipelineLease _lease = new(pipeline);

    public override void OnEnd(T data) => accept(data);

    protected override bool OnForceFlush(int timeoutMilliseconds) => pipeline.Flush(timeoutMilliseconds);

    protected override bool OnShutdown(int timeoutMilliseconds) => _lease.Release(timeoutMilliseconds);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _lease.Dispose();
        base.Dispose(disposing);
    }
}
