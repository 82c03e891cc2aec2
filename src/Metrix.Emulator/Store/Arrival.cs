namespace Metrix.Emulator.Store;

/// <summary>One request that is kept, whatever became of it: one of the two is there.</summary>
internal readonly record struct Arrival(ReceivedEvent? Event, RejectedRequest? Rejection)
{
    public ReceivedRequest Request => Event?.Request ?? Rejection!.Request;

    public Outcome Outcome =>
        Rejection is { } rejection ? rejection.IsByFault ? Outcome.Faulted : Outcome.Rejected
        : Event!.Warnings.Count > 0 ? Outcome.Warned
        : Outcome.Accepted;

    /// <summary>The status that it was, or would have been, answered with.</summary>
    public int Status => Rejection?.Status ?? Request.Answer?.StatusCode ?? 200;

    public IReadOnlyList<EventWarning> Warnings => Event?.Warnings ?? [];
}
