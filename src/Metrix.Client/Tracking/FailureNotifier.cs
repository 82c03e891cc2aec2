namespace Metrix.Client.Tracking;

/// <summary>
/// Reports events that end other than delivered: to the diagnostic channel, and to the host's failure listener.
/// </summary>
internal sealed class FailureNotifier(Reporter reporter)
{
    /// <summary>
    /// Gets or sets the host's failure listener: it receives the host's own record, the state and a message. Set it
    /// before the first event. While it is null, no records are kept.
    /// </summary>
    public Action<object, EventState, string>? Listener { get; set; }

    /// <summary>Reports an event that ended.</summary>
    /// <param name="source">The host's own record, or null.</param>
    /// <param name="state">How the event ended.</param>
    /// <param name="reason">Why, out of a small fixed set.</param>
    /// <param name="message">What happened, without keys, ids and values.</param>
    public void NotifyFailure(object? source, EventState state, string reason, string message)
    {
        // The number of abandoned events is reported once, when the client closes.
        if (state != EventState.Abandoned)
            reporter.Report($"{state}:{reason}", () => message);
        if (source is null || Listener is not { } listener)
            return;

        try
        {
            listener(source, state, message);
        }
        catch (Exception exception)
        {
            // The listener is the host's code. Its exception must not affect this event or others.
            reporter.Report(
                "listener",
                () => $"the failure listener threw {exception.GetType().Name} and did not handle an event");
        }
    }
}
