using System.Collections.ObjectModel;

namespace Metrix.Emulator;

/// <summary>Represents an answer that replaces the emulator's own, to test how a client reacts to it.</summary>
/// <param name="StatusCode">
/// The HTTP status, 200 to 599. It also decides whether a valid event is kept as accepted (2xx) or as rejected, even if
/// the client never receives it.
/// </param>
/// <exception cref="ArgumentOutOfRangeException">The status is outside 200 to 599.</exception>
public sealed record EmulatorResponse(int StatusCode)
{
    /// <summary>Gets the HTTP status, 200 to 599.</summary>
    public int StatusCode { get; init => field = Validate(value); } = Validate(StatusCode);

    /// <summary>
    /// Gets the time to wait before the emulator answers, holds the request or closes the connection. The event is
    /// stored before the wait. The default, <see langword="null"/>, means no delay.
    /// </summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>
    /// Gets whether the emulator holds the request without an answer until the client disconnects or the emulator
    /// stops.
    /// </summary>
    public bool NeverAnswer { get; init; }

    /// <summary>Gets whether the emulator resets the connection instead of answering.</summary>
    public bool CloseConnection { get; init; }

    /// <summary>Gets the headers of the answer, such as <c>Retry-After</c>. The default is none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// Gets the body, which is sent as UTF-8. The default is empty. It is plain text unless <see cref="Headers"/>
    /// contains <c>Content-Type</c>. It is omitted with a status that cannot have a body (204, 205, 304).
    /// </summary>
    public string Body { get; init; } = "";

    private static int Validate(int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 200, nameof(StatusCode));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599, nameof(StatusCode));
        return status;
    }
}
