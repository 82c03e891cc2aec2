using Metrix.Client;
using Metrix.Client.Diagnostics;
using Metrix.Client.Mapping;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Recognising;

/// <summary>
/// A log event on its way through the batches, with what was known of it on the thread that logged it: what it is, whose books
/// it is in, and the end user whom the work at hand was for. The log event itself is other sinks' too, which may change it
/// meanwhile.
/// </summary>
internal sealed class RecognisedLogEvent(LogEvent original, Recognition recognition, Ledger ledger, MetrixIdentity? identity)
    : LogEvent(original.Timestamp, original.Level, original.Exception, original.MessageTemplate, [])
{
    public LogEvent Original { get; } = original;

    public Recognition Recognition { get; } = recognition;

    public Ledger Ledger { get; } = ledger;

    public MetrixIdentity? Identity { get; } = identity;
}
