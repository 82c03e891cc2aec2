using System.Diagnostics;
using Metrix.OpenTelemetry.Exporter.Pipeline;
using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter;

/// <summary>
/// Sends the activities and activity events of a batch that are Metrix events, for those who compose a pipeline by hand.
/// </summary>
/// <remarks>
/// It sees what its export processor passes on, which is sampled activities only: what the sampler drops is no event. And it
/// sees them on whichever thread that is: neither <c>MetrixContext</c> nor the current baggage is read, so the ids must stand
/// in the tags of the activity, of its event or of its ancestors. <c>AddMetrixExporter()</c> has no such gaps.
/// </remarks>
public sealed class MetrixTraceExporter : BaseExporter<Activity>
{
    private readonly ExporterPipeline _pipeline;
    private readonly PipelineLease _lease;

    /// <summary>
    /// Makes an exporter, with a client of its own.
    /// </summary>
    /// <param name="options">The settings, which are read and checked now.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is missing or impossible; the message names each and shows a right
    /// value.</exception>
    public MetrixTraceExporter(MetrixExporterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _pipeline = new ExporterPipeline(options, isOnEmittingThread: false);
        _lease = new PipelineLease(_pipeline);
    }

    /// <summary>
    /// Reads the events among the batch, and hands them on to be delivered in the background.
    /// </summary>
    /// <param name="batch">The activities.</param>
    /// <returns><see cref="ExportResult.Failure"/> when an event was refused: it is not valid, or there is no room for
    /// it.</returns>
    public override ExportResult Export(in Batch<Activity> batch)
    {
        var isTaken = true;
        foreach (var activity in batch)
            isTaken &= _pipeline.Take(activity);
        return isTaken ? ExportResult.Success : ExportResult.Failure;
    }

    /// <inheritdoc/>
    protected override bool OnForceFlush(int timeoutMilliseconds) => _pipeline.Flush(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds) => _lease.Leave(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _lease.Dispose();
        base.Dispose(disposing);
    }
}
