namespace Metrix.Emulator.Store;

/// <summary>
/// Represents a stored request, accepted or rejected. Exactly one of the two properties is not <see langword="null"/>.
/// </summary>
internal readonly record struct StoredRequest(EmulatorEvent? Event, EmulatorRejection? Rejection)
{
    public EmulatorRequest Request => Event?.Request ?? Rejection!.Request;

    public RequestOutcome Outcome =>
        Rejection is { } rejection ? rejection.IsByFault ? RequestOutcome.Faulted : RequestOutcome.Rejected
        : Event!.Warnings.Count > 0 ? RequestOutcome.Warned
        : RequestOutcome.Accepted;

    /// <summary>Gets the status of the answer, even if the answer was withheld.</summary>
    public int Status => Rejection?.Status ?? Request.Answer?.StatusCode ?? 200;

    public IReadOnlyList<EmulatorWarning> Warnings => Event?.Warnings ?? [];
}
