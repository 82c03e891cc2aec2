using Metrix.Client;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Recognising;

/// <summary>
/// A log event on its way through the batches, with the end user whom the work at hand was for when it was logged: the
/// batches are read on another thread, and the log event itself is other sinks' too.
/// </summary>
internal sealed class AmbientLogEvent(LogEvent original, MetrixIdentity identity)
    : LogEvent(original.Timestamp, original.Level, original.Exception, original.MessageTemplate, [])
{
    public LogEvent Original { get; } = original;

    public MetrixIdentity Identity { get; } = identity;

    /// <summary>The log event as it was logged, and the end user who came with it.</summary>
    public static (LogEvent LogEvent, MetrixIdentity? Identity) Unwrap(LogEvent logEvent) =>
        logEvent is AmbientLogEvent ambient ? (ambient.Original, ambient.Identity) : (logEvent, null);
}
