using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Metrix.OpenTelemetry.Exporter.Records;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// Accepts log records that are Metrix events. Reads them on the calling thread and keeps no reference to them.
/// </summary>
internal sealed class LogRecordIntake
{
    private readonly MetrixClient _client;
    private readonly BuilderPool _builders;
    private readonly LogRecordRecognizer _recognizer;
    private readonly Action<RecognizedLogRecord, EventBuilder> _read;

    public LogRecordIntake(MetrixClient client, MetrixExporterOptions options, bool isOnEmittingThread)
    {
        _client = client;
        _builders = new BuilderPool(new MappingRules(options, PropertyFilter.LoggingNoise));
        _recognizer = new LogRecordRecognizer(client.Slugs);
        _read = new LogRecordReader(client.Slugs, options.BaggageKeys, isOnEmittingThread).Read;
    }

    /// <summary>Accepts the log record if it is a Metrix event.</summary>
    /// <returns>False when the client refuses it.</returns>
    public bool Accept(LogRecord record) =>
        !_recognizer.TryRecognize(record, out var match) ||
        _client.Accept(new RecognizedLogRecord(record, match), _read, _builders);
}
