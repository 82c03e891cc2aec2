using System.Diagnostics;
using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Processing;

/// <summary>
/// Stands in the tracing pipeline. It is no batch processor of the SDK's: those pass over what was not sampled, drop the
/// newest in silence when full, and call a flush done while it is under way.
/// </summary>
internal sealed class MetrixActivityProcessor(Pipeline pipeline) : BaseProcessor<Activity>
{
    private readonly Membership _membership = new(pipeline);

    public override void OnEnd(Activity data) => pipeline.Take(data);

    protected override bool OnForceFlush(int timeoutMilliseconds) => pipeline.Flush(timeoutMilliseconds);

    protected override bool OnShutdown(int timeoutMilliseconds) => _membership.Leave(timeoutMilliseconds);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _membership.Dispose();
        base.Dispose(disposing);
    }
}
