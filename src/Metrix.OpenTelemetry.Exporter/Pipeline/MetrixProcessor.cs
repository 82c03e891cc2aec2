using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// Stands in the pipeline of a signal. It is no batch processor of the SDK's: those pass over what was not sampled, drop the
/// newest in silence when full, and call a flush done while it is under way.
/// </summary>
/// <param name="pipeline">Where records are taken to.</param>
/// <param name="take">Takes a record there. Throws nothing.</param>
internal sealed class MetrixProcessor<T>(ExporterPipeline pipeline, Func<T, bool> take) : BaseProcessor<T>
{
    private readonly PipelineLease _membership = new(pipeline);

    public override void OnEnd(T data) => take(data);

    protected override bool OnForceFlush(int timeoutMilliseconds) => pipeline.Flush(timeoutMilliseconds);

    protected override bool OnShutdown(int timeoutMilliseconds) => _membership.Leave(timeoutMilliseconds);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _membership.Dispose();
        base.Dispose(disposing);
    }
}
