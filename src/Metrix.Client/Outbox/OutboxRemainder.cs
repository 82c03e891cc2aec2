namespace Metrix.Client.Outbox;

/// <summary>Holds the events that an outbox could not keep when it was closed.</summary>
/// <param name="Lost">The events that are lost with the process.</param>
/// <param name="InDoubt">The events that were being stored when the time limit was reached: they may be stored.</param>
/// <param name="Message">What the host should know about the events that are kept, or null.</param>
internal sealed record OutboxRemainder(
    IReadOnlyCollection<QueuedEvent> Lost, IReadOnlyCollection<QueuedEvent> InDoubt, string? Message = null);
