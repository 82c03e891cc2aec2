using Metrix.Client.Wire;

namespace Metrix.Tool.Sending;

/// <summary>Represents a request, sent or not, and its answer.</summary>
internal sealed record RecordedExchange
{
    public required string Method { get; init; }

    public required Uri Address { get; init; }

    /// <summary>Gets the headers. The key is masked.</summary>
    public required IReadOnlyList<(string Name, string Value)> Headers { get; init; }

    public required string Body { get; init; }

    /// <summary>
    /// Gets the status, or <see langword="null"/> if no answer arrived or the request was not sent.
    /// </summary>
    public int? Status { get; init; }

    /// <summary>Gets the start of the answer's body.</summary>
    public string Answer { get; init; } = "";

    public TimeSpan Duration { get; init; }

    /// <summary>
    /// Gets the outcome that the client assigns to the event, or <see langword="null"/> if the request was not sent.
    /// </summary>
    public SendOutcome? Outcome { get; init; }

    /// <summary>Gets whether the request was not sent.</summary>
    public bool IsDryRun => Outcome is null;
}
