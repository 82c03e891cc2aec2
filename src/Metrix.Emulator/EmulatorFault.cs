namespace Metrix.Emulator;

/// <summary>
/// A fault of the server, for a while: the in-app event requests that it takes are answered otherwise, late or not at
/// all. Set with <see cref="MetrixEmulator.Faults"/>, with <c>PUT /api/faults</c>, or on the page.
/// </summary>
/// <remarks>
/// The status decides what is kept, as with <see cref="EmulatorResponse"/>. Without a status an event is taken although its
/// sender may not learn of it, as it can happen in life: what is sent again is then a duplicate.
/// </remarks>
public sealed record EmulatorFault
{
    /// <summary>The longest <see cref="Delay"/>: one day.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(1);

    /// <summary>
    /// The HTTP status to answer with, 200 to 599; <see langword="null"/>, the default, leaves the emulator's own answer.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside 200 to 599.</exception>
    public int? StatusCode
    {
        get;
        init => field = value is null or (>= 200 and <= 599)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(StatusCode), value, "A status is 200 to 599.");
    }

    /// <summary>How long to wait before answering, holding or closing: up to a day. None by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or longer than a day.</exception>
    public TimeSpan? Delay
    {
        get;
        init => field = value is null || (value >= TimeSpan.Zero && value <= MaxDelay)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Delay), value, "A delay is 0 to 24 hours.");
    }

    /// <summary>Holds the request without an answer until the client goes or the emulator stops.</summary>
    public bool NeverAnswer { get; init; }

    /// <summary>Resets the connection instead of answering.</summary>
    public bool CloseConnection { get; init; }

    /// <summary>The header <c>Retry-After</c> of the answer, in whole seconds. None by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan? RetryAfter
    {
        get;
        init => field = value is null || value >= TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(RetryAfter), value, "It is not negative.");
    }

    /// <summary>
    /// How many requests it takes before it is over, at least 1; <see langword="null"/>, the default, is until it is removed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int? Requests
    {
        get;
        init => field = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Requests), value, "It takes at least one request.");
    }

    /// <summary>
    /// The share of the requests that it takes, above 0 and up to 1, the default. Spread evenly and not at random, so that
    /// a test comes out the same each time: a share of 0.25 takes the fourth, the eighth and so on.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0, or above 1.</exception>
    public double Share
    {
        get;
        init => field = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Share), value, "A share is above 0 and at most 1.");
    } = 1;

    /// <summary>Only requests of this app; <see langword="null"/>, the default, is every app.</summary>
    public string? AppId { get; init; }

    /// <summary>Only events of this slug; <see langword="null"/>, the default, is every event.</summary>
    public string? EventSlug { get; init; }
}
