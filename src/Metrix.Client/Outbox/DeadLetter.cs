using Metrix.Client.Tracking;

namespace Metrix.Client.Outbox;

/// <summary>
/// Represents an event that will not be delivered.
/// </summary>
/// <param name="AppId">The app's id, or null if the event has no app.</param>
/// <param name="Slug">The event's slug.</param>
/// <param name="AcceptedAt">When the event was accepted, in Unix milliseconds.</param>
/// <param name="State">How the event ended.</param>
/// <param name="Reason">Why: a status code or a word out of a small fixed set.</param>
/// <param name="Answer">The start of the vendor's answer, if there was one.</param>
/// <param name="Body">The body that was or would have been sent, or null if it could not be encoded.</param>
internal sealed record DeadLetter(
    string? AppId, string Slug, long AcceptedAt, EventState State, string Reason, string? Answer, byte[]? Body);
