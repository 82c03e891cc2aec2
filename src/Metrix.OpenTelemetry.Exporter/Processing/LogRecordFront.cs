using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.OpenTelemetry.Exporter.Mapping;
using Metrix.OpenTelemetry.Exporter.Recognising;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Processing;

/// <summary>
/// Where log records enter: what is an event is read on the calling thread, and no reference to it is kept.
/// </summary>
internal sealed class LogRecordFront
{
    private readonly MetrixClient _client;
    private readonly BuilderPool _builders;
    private readonly LogRecordRecogniser _recogniser;
    private readonly Action<RecognisedLogRecord, EventBuilder> _read;

    public LogRecordFront(MetrixClient client, MetrixExporterOptions options, bool isOnEmittingThread)
    {
        _client = client;
        _builders = new BuilderPool(new MappingRules(options, PropertyFilter.OfLogging));
        _recogniser = new LogRecordRecogniser(_builders.Rules.Slugs);
        _read = new LogRecordReader(options.BaggageKeys, isOnEmittingThread).Read;
    }

    /// <summary>Takes the log record, when it is an event of Metrix.</summary>
    /// <returns>False when it was refused.</returns>
    public bool Take(LogRecord record) =>
        !_recogniser.TryRecognise(record, out var recognition) ||
        _client.Take(new RecognisedLogRecord(record, recognition), _read, _builders);
}
