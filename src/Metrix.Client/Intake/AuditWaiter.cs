namespace Metrix.Client.Intake;

/// <summary>
/// For one who waits, on the thread that emitted an event, until the event is safe: delivered, or kept where it outlives the
/// process.
/// </summary>
internal sealed class AuditWaiter
{
    private readonly TaskCompletionSource<string?> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with null when the event is safe, and with what happened when it is lost.</summary>
    public Task<string?> Failure => _failure.Task;

    public void Confirm() => _failure.TrySetResult(null);

    public void Fail(string message) => _failure.TrySetResult(message);
}
