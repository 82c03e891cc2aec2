namespace Metrix.Client;

/// <summary>
/// Represents an in-app event that happened on the server, for code that calls <see cref="MetrixClient.Send"/> itself.
/// </summary>
public sealed class MetrixEvent
{
    /// <summary>
    /// Initializes a new instance of the <see cref="MetrixEvent"/> class.
    /// </summary>
    /// <param name="name">A name from <see cref="MetrixOptions.Slugs"/>, or the slug from the Metrix panel.</param>
    /// <param name="identity">The end user of the event.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public MetrixEvent(string name, MetrixIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(identity);
        Name = name;
        Identity = identity;
    }

    /// <summary>
    /// Gets the name of the event: a name from <see cref="MetrixOptions.Slugs"/>, or the slug itself.
    /// </summary>
    public string Name { get; }

    /// <summary>
    /// Gets the end user of the event.
    /// </summary>
    public MetrixIdentity Identity { get; }

    /// <summary>
    /// Gets the time at which the event happened. Default null: the time of <see cref="MetrixClient.Send"/>.
    /// </summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>
    /// Gets the name of the app in <see cref="MetrixOptions.Apps"/>. Default null: the only app, or with several apps
    /// the one named <c>android</c> or <c>ios</c>, depending on the advertising id.
    /// </summary>
    public string? App { get; init; }

    /// <summary>
    /// Gets the properties of the event. They become attributes (text) and metrics (numbers) by the same rules as the
    /// properties of a log event. At most 50 attributes; a name and a value of at most 512 bytes of UTF-8 each.
    /// </summary>
    public IDictionary<string, object?> Properties { get; init; } = new Dictionary<string, object?>();
}
