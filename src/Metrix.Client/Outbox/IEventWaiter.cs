namespace Metrix.Client.Outbox;

/// <summary>
/// Waits for an event to be safe: delivered, or stored where it survives the process.
/// </summary>
internal interface IEventWaiter
{
    /// <summary>Reports that the event is safe.</summary>
    void Confirm();
}
