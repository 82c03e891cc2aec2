using Metrix.Client;
using Metrix.Client.Rules;
using Metrix.Client.Tracking;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// Represents a log event that waits to be mapped, with what the thread that logged it determined. Other sinks share
/// the log event and may change it.
/// </summary>
/// <param name="Original">The log event.</param>
/// <param name="Match">How it was recognized.</param>
/// <param name="Admission">The ledger that counts the event, and its flush generation.</param>
/// <param name="Identity">The ambient identity, or null.</param>
internal readonly record struct RecognizedLogEvent(
    LogEvent Original, EventMatch Match, Admission Admission, MetrixIdentity? Identity);
