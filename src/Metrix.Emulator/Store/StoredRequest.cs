namespace Metrix.Emulator.Store;

/// <summary>One request that is kept, whatever became of it: one of the two is there.</summary>
internal readonly record struct StoredRequest(EmulatorEvent? Event, EmulatorRejection? Rejection)
{
    public EmulatorRequest Request => Event?.Request ?? Rejection!.Request;

    public RequestOutcome Outcome =>
        Rejection is { } rejection ? rejection.IsByFault ? RequestOutcome.Faulted : RequestOutcome.Rejected
        : Event!.Warnings.Count > 0 ? RequestOutcome.Warned
        : RequestOutcome.Accepted;

    /// <summary>The status that it was, or would have been, answered with.</summary>
    public int Status => Rejection?.Status ?? Request.Answer?.StatusCode ?? 200;

    public IReadOnlyList<EmulatorWarning> Warnings => Event?.Warnings ?? [];
}
