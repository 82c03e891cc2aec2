namespace Metrix.Client;

/// <summary>
/// An in-app event that happened on the server, for those who call <see cref="MetrixClient.Send"/> themselves.
/// </summary>
public sealed class MetrixEvent
{
    /// <summary>
    /// Makes an event.
    /// </summary>
    /// <param name="name">The slug that the panel gave the event, or a name that the slug map knows.</param>
    /// <param name="identity">The end user whom the event belongs to.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public MetrixEvent(string name, MetrixIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(identity);
        Name = name;
        Identity = identity;
    }

    /// <summary>
    /// The slug that the panel gave the event, or a name that the slug map knows.
    /// </summary>
    public string Name { get; }

    /// <summary>
    /// The end user whom the event belongs to.
    /// </summary>
    public MetrixIdentity Identity { get; }

    /// <summary>
    /// When the event happened. Default null: the moment it is sent.
    /// </summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>
    /// The name of the app that the event belongs to. Default null: the only app, else the app named <c>android</c> or
    /// <c>ios</c> after the advertising id.
    /// </summary>
    public string? App { get; init; }

    /// <summary>
    /// What describes the event: values of any type, which become attributes (text) and metrics (numbers) by the same
    /// rules as the properties of a log event. At most 50 attributes, a key and a value of at most 512 bytes each.
    /// </summary>
    public IDictionary<string, object?> Properties { get; init; } = new Dictionary<string, object?>();
}
