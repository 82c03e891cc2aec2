using Metrix.OpenTelemetry.Exporter.Pipeline;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter;

/// <summary>
/// Sends log records that are Metrix events, as an exporter for a pipeline that you compose yourself.
/// </summary>
/// <remarks>
/// The exporter runs on the thread of its export processor. So it reads neither <c>MetrixContext</c> nor the current
/// activity and baggage. The ids must be in the record's attributes or scopes.
/// </remarks>
public sealed class MetrixLogExporter : BaseExporter<LogRecord>
{
    private readonly ExporterPipeline _pipeline;
    private readonly PipelineLease _lease;

    /// <summary>
    /// Creates an exporter that has its own client.
    /// </summary>
    /// <param name="options">The settings. The constructor reads and validates them.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is missing or invalid. The message names each one and shows a
    /// valid value.</exception>
    public MetrixLogExporter(MetrixExporterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _pipeline = new ExporterPipeline(options, isOnEmittingThread: false);
        _lease = new PipelineLease(_pipeline);
    }

    /// <summary>
    /// Reads the events of a batch and queues them for delivery in the background.
    /// </summary>
    /// <param name="batch">The log records.</param>
    /// <returns><see cref="ExportResult.Failure"/> when an event is invalid or the queue is full.</returns>
    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        var isAccepted = true;
        foreach (var record in batch)
            isAccepted &= _pipeline.Accept(record);
        return isAccepted ? ExportResult.Success : ExportResult.Failure;
    }

    /// <inheritdoc/>
    protected override bool OnForceFlush(int timeoutMilliseconds) => _pipeline.Flush(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds) => _lease.Release(timeoutMilliseconds);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _lease.Dispose();
        base.Dispose(disposing);
    }
}
