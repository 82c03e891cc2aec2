using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Metrix.OpenTelemetry.Exporter.Records;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// Where log records enter: what is an event is read on the calling thread, and no reference to it is kept.
/// </summary>
internal sealed class LogRecordIntake
{
    private readonly MetrixClient _client;
    private readonly BuilderPool _builders;
    private readonly LogRecordRecognizer _recogniser;
    private readonly Action<RecognizedLogRecord, EventBuilder> _read;

    public LogRecordIntake(MetrixClient client, MetrixExporterOptions options, bool isOnEmittingThread)
    {
        _client = client;
        _builders = new BuilderPool(new MappingRules(options, PropertyFilter.LoggingNoise));
        _recogniser = new LogRecordRecognizer(client.Slugs);
        _read = new LogRecordReader(client.Slugs, options.BaggageKeys, isOnEmittingThread).Read;
    }

    /// <summary>Takes the log record, when it is an event of Metrix.</summary>
    /// <returns>False when it was refused.</returns>
    public bool Take(LogRecord record) =>
        !_recogniser.TryRecognize(record, out var recognition) ||
        _client.Accept(new RecognizedLogRecord(record, recognition), _read, _builders);
}
