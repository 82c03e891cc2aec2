using Metrix.Client.Tracking;

namespace Metrix.Client.Outbox;

/// <summary>
/// What is kept of an event that will not be delivered.
/// </summary>
/// <param name="AppId">The app's id, or null when it belongs to none.</param>
/// <param name="Slug">Its slug.</param>
/// <param name="AcceptedAt">When it was taken in, in Unix milliseconds.</param>
/// <param name="State">How it ended.</param>
/// <param name="Reason">Why: a status or a word from a small and fixed set.</param>
/// <param name="Answer">The start of the vendor's answer, when there was one.</param>
/// <param name="Body">What was sent, or would have been, or null when it has no form that can be sent.</param>
internal sealed record DeadLetter(
    string? AppId, string Slug, long AcceptedAt, EventState State, string Reason, string? Answer, byte[]? Body);
