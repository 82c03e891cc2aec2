namespace Metrix.Client.Tracking;

/// <summary>
/// Represents an event that was admitted: it is pending, has a slot of the queue, and flushes wait for it.
/// </summary>
/// <param name="Ledger">The ledger that counts the event.</param>
/// <param name="Generation">The flush generation of the event.</param>
internal readonly record struct Admission(Ledger Ledger, FlushGeneration Generation);
