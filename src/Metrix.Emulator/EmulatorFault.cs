namespace Metrix.Emulator;

/// <summary>
/// Describes a temporary server fault: matching in-app event requests get another answer, a late one or none.
/// Set faults with <see cref="MetrixEmulator.Faults"/>, with <c>PUT /api/faults</c> or on the page.
/// </summary>
/// <remarks>
/// The status decides whether a valid event is kept as accepted or as rejected, as with <see cref="EmulatorResponse"/>.
/// Without a status, a valid event is accepted even if its sender never receives the answer, as can happen in
/// production. When the sender retries such an event, the retry is a duplicate.
/// </remarks>
public sealed record EmulatorFault
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(1);

    /// <summary>
    /// Gets the HTTP status to answer with, 200 to 599. The default, <see langword="null"/>, keeps the emulator's own
    /// answer.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside 200 to 599.</exception>
    public int? StatusCode
    {
        get;
        init => field = value is null or (>= 200 and <= 599)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(StatusCode), value, "The status must be 200 to 599.");
    }

    /// <summary>
    /// Gets the time to wait before the emulator answers, holds the request or closes the connection. At most 24 hours.
    /// The default, <see langword="null"/>, means no delay.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or longer than 24 hours.</exception>
    public TimeSpan? Delay
    {
        get;
        init => field = value is null || (value >= TimeSpan.Zero && value <= MaxDelay)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Delay), value, "The delay must be 0 to 24 hours.");
    }

    /// <summary>
    /// Gets whether the emulator holds the request without an answer until the client disconnects or the emulator
    /// stops.
    /// </summary>
    public bool NeverAnswer { get; init; }

    /// <summary>Gets whether the emulator resets the connection instead of answering.</summary>
    public bool CloseConnection { get; init; }

    /// <summary>
    /// Gets the value of the <c>Retry-After</c> header, rounded up to whole seconds. The default,
    /// <see langword="null"/>, omits the header.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan? RetryAfter
    {
        get;
        init => field = value is null || value >= TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(RetryAfter), value, "The time must not be negative.");
    }

    /// <summary>
    /// Gets the number of requests that the fault applies to, at least 1. The default, <see langword="null"/>, applies
    /// the fault until you remove it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? Requests
    {
        get;
        init => field = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Requests), value, "The number must be at least 1.");
    }

    /// <summary>
    /// Gets the share of the matching requests that the fault applies to, above 0 and at most 1. The default is 1.
    /// The share is spread evenly, not at random, so that a test has the same result on every run: a share of 0.25
    /// applies to the fourth request, the eighth and so on.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or it is above 1.</exception>
    public double Share
    {
        get;
        init => field = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Share), value, "The share must be above 0 and at most 1.");
    } = 1;

    /// <summary>
    /// Gets the app whose requests match. The default, <see langword="null"/>, matches every app.
    /// </summary>
    public string? AppId { get; init; }

    /// <summary>
    /// Gets the slug of the events that match. The default, <see langword="null"/>, matches every event.
    /// </summary>
    public string? EventSlug { get; init; }
}
