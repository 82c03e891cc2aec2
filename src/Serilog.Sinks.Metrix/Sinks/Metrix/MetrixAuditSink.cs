using Metrix.Client;
using Metrix.Client.Delivery;
using Metrix.Client.Diagnostics;
using Metrix.Client.Mapping;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Sinks.Metrix.Mapping;
using Serilog.Sinks.Metrix.Recognising;

namespace Serilog.Sinks.Metrix;

/// <summary>
/// The sink of an audit: it returns when the event is safe, and throws when it is not.
/// </summary>
internal sealed class MetrixAuditSink : ILogEventSink, IDisposable, IAsyncDisposable
{
    private readonly MetrixClient _client;
    private readonly BuilderPool _builders;
    private readonly LogEventRecogniser _recogniser;

    /// <exception cref="ArgumentException">A setting is missing or impossible.</exception>
    public MetrixAuditSink(MetrixSinkOptions options)
    {
        _client = new MetrixClient(
            options, new FrontEnd { LeftOut = PropertyFilter.OfLogging, Report = MetrixSink.SayToSelfLog });
        _client.Custody.FailureListener = static (receipt, _, message) => ((Receipt)receipt).Fail(message);
        _builders = new BuilderPool(_client.Rules);
        _recogniser = new LogEventRecogniser(_client.Rules.Slugs);
    }

    /// <summary>The books, for tests.</summary>
    internal LedgerSnapshot Ledger => _client.Ledger;

    public void Emit(LogEvent logEvent)
    {
        if (!_recogniser.TryRecognise(logEvent, out var recognition))
            return;

        if (_client.TakeSafely((logEvent, recognition), Read, _builders) is { } failure)
            throw new LoggingFailedException($"Metrix: {failure}");
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    public void Dispose() => _client.Dispose();

    private static void Read((LogEvent Event, Recognition Recognition) record, EventBuilder builder)
    {
        LogEventReader.Read(record.Event, record.Recognition, builder);
        if (MetrixContext.Current is { } identity)
            builder.Inherit(identity, level: 0);
    }
}
