using Metrix.Client;
using Metrix.Client.Intake;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Metrix.Client.Tracking;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Sinks.Metrix.Records;

namespace Serilog.Sinks.Metrix;

/// <summary>
/// Sends each Metrix event while the log call waits: returns when the event is safe, and throws when it is not.
/// </summary>
internal sealed class MetrixAuditSink : ILogEventSink, IDisposable, IAsyncDisposable
{
    private readonly MetrixClient _client;
    private readonly BuilderPool _builders;
    private readonly LogEventRecognizer _recognizer;

    /// <exception cref="ArgumentException">A setting is missing or invalid.</exception>
    public MetrixAuditSink(MetrixSinkOptions options)
    {
        _client = new MetrixClient(
            options,
            new HostIntegration { NoiseNames = PropertyFilter.LoggingNoise, Report = MetrixSink.WriteToSelfLog });
        _client.Tracker.FailureListener = static (waiter, _, message) => ((AuditWaiter)waiter).Fail(message);
        _builders = new BuilderPool(_client.Rules);
        _recognizer = new LogEventRecognizer(_client.Rules.Slugs);
    }

    /// <summary>Gets the counts of the ledger, for tests.</summary>
    internal LedgerSnapshot Ledger => _client.Ledger;

    public void Emit(LogEvent logEvent)
    {
        if (!_recognizer.TryRecognize(logEvent, out var match))
            return;

        if (_client.AcceptAndWait((logEvent, match), Read, _builders) is { } failure)
            throw new LoggingFailedException($"Metrix: {failure}");
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    public void Dispose() => _client.Dispose();

    private static void Read((LogEvent Event, EventMatch Match) record, EventBuilder builder)
    {
        LogEventReader.Read(record.Event, record.Match, builder);
        if (MetrixContext.Current is { } identity)
            builder.Inherit(identity, level: 0);
    }
}
