namespace Metrix.Tool.Sending;

/// <summary>The request as it was or would be sent, and what came back.</summary>
internal sealed record RecordedExchange
{
    public required string Method { get; init; }

    public required Uri Address { get; init; }

    /// <summary>The headers, with the key masked.</summary>
    public required IReadOnlyList<(string Name, string Value)> Headers { get; init; }

    public required string Body { get; init; }

    /// <summary>The status, or null when no answer came or none was asked for.</summary>
    public int? Status { get; init; }

    /// <summary>The start of the answer's body.</summary>
    public string Answer { get; init; } = "";

    public TimeSpan Took { get; init; }

    /// <summary>What came instead of an answer.</summary>
    public Exception? Failure { get; init; }
}
