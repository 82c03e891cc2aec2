using Metrix.Client;
using Metrix.Client.Rules;
using Metrix.Client.Tracking;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// Carries a log event through the batching sink, with what the thread that logged it determined: the match, the ledger
/// that counts the event, and the ambient identity. The original is shared with other sinks, which may change it.
/// </summary>
internal sealed class RecognizedLogEvent(LogEvent original, EventMatch match, Ledger ledger, MetrixIdentity? identity)
    : LogEvent(original.Timestamp, original.Level, original.Exception, original.MessageTemplate, [])
{
    public LogEvent Original { get; } = original;

    public EventMatch Match { get; } = match;

    public Ledger Ledger { get; } = ledger;

    public MetrixIdentity? Identity { get; } = identity;
}
