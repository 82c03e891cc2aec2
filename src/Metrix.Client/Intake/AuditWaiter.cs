using Metrix.Client.Outbox;

namespace Metrix.Client.Intake;

/// <summary>
/// Lets the thread that emitted an event wait until the event is safe: delivered, or stored where it survives the
/// process.
/// </summary>
internal sealed class AuditWaiter : IEventWaiter
{
    private readonly TaskCompletionSource<string?> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Gets a task that completes with null when the event is safe, and with a message when it is lost.
    /// </summary>
    public Task<string?> Failure => _failure.Task;

    public void Confirm() => _failure.TrySetResult(null);

    public void Fail(string message) => _failure.TrySetResult(message);
}
