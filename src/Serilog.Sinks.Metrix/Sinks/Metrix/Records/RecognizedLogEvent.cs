using Metrix.Client;
using Metrix.Client.Rules;
using Metrix.Client.Tracking;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// A log event on its way through the batches, with what was known of it on the thread that logged it: what it is, whose books
/// it is in, and the end user whom the work at hand was for. The log event itself is other sinks' too, which may change it
/// meanwhile.
/// </summary>
internal sealed class RecognizedLogEvent(LogEvent original, EventMatch recognition, Ledger ledger, MetrixIdentity? identity)
    : LogEvent(original.Timestamp, original.Level, original.Exception, original.MessageTemplate, [])
{
    public LogEvent Original { get; } = original;

    public EventMatch Recognition { get; } = recognition;

    public Ledger Ledger { get; } = ledger;

    public MetrixIdentity? Identity { get; } = identity;
}
