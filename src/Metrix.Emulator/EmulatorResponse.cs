using System.Collections.ObjectModel;

namespace Metrix.Emulator;

/// <summary>An answer that replaces the emulator's own, to see how a client copes with it.</summary>
/// <param name="StatusCode">
/// The HTTP status, 200 to 599. It also decides whether the event is kept as accepted (2xx) or as rejected, even when
/// the client is never shown it.
/// </param>
/// <exception cref="ArgumentOutOfRangeException">The status is outside 200 to 599.</exception>
public sealed record EmulatorResponse(int StatusCode)
{
    /// <summary>The HTTP status, 200 to 599.</summary>
    public int StatusCode { get; init => field = Final(value); } = Final(StatusCode);

    /// <summary>How long to wait before answering, holding or closing. The event is kept before the wait.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Holds the request without an answer until the client goes or the emulator stops.</summary>
    public bool NeverAnswer { get; init; }

    /// <summary>Resets the connection instead of answering.</summary>
    public bool CloseConnection { get; init; }

    /// <summary>Headers of the answer, such as <c>Retry-After</c>. None by default.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// The body, sent as UTF-8; empty by default. It is plain text unless <see cref="Headers"/> holds a
    /// <c>Content-Type</c>. Left out with the statuses that cannot have one (204, 205, 304).
    /// </summary>
    public string Body { get; init; } = "";

    private static int Final(int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 200, nameof(StatusCode));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599, nameof(StatusCode));
        return status;
    }
}
