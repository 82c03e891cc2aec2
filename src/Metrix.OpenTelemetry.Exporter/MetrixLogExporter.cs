using Metrix.OpenTelemetry.Exporter.Pipeline;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter;

/// <summary>
/// Sends the log records of a batch that are Metrix events, for those who compose a pipeline by hand.
/// </summary>
/// <remarks>
/// It sees them on whichever thread its export processor has: neither <c>MetrixContext</c>, nor the current activity or
/// baggage is read, so the ids must stand in the record's attributes or scopes.
/// </remarks>
public sealed class MetrixLogExporter : BaseExporter<LogRecord>
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
    public MetrixLogExporter(MetrixExporterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _pipeline = new ExporterPipeline(options, isOnEmittingThread: false);
        _lease = new PipelineLease(_pipeline);
    }

    /// <summary>
    /// Reads the events among the batch, and hands them on to be delivered in the background.
    /// </summary>
    /// <param name="batch">The log records.</param>
    /// <returns><see cref="ExportResult.Failure"/> when an event was refused: it is not valid, or there is no room for
    /// it.</returns>
    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        var isTaken = true;
        foreach (var record in batch)
            isTaken &= _pipeline.Take(record);
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
