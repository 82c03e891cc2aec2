namespace Metrix.Client;

/// <summary>
/// One entry of the slug map: the slug that the panel gave an event, and when a record of that name is one. A text is
/// converted to it: <c>options.Slugs["Purchase"] = "taqsq"</c>.
/// </summary>
public sealed class MetrixEventRule
{
    /// <summary>
    /// Makes an entry.
    /// </summary>
    /// <param name="slug">The slug that the panel gave the event.</param>
    /// <exception cref="ArgumentNullException"><paramref name="slug"/> is null.</exception>
    public MetrixEventRule(string slug)
    {
        ArgumentNullException.ThrowIfNull(slug);
        Slug = slug;
    }

    /// <summary>
    /// The slug that the panel gave the event.
    /// </summary>
    public string Slug { get; }

    /// <summary>
    /// What must hold for a record of this name to be an event: each property, tag or attribute that is named here must
    /// have one of the values beside it. A value is a text, compared without regard to case; a number; or a range of
    /// numbers with both ends in it, as <c>200..299</c>, <c>100..</c> or <c>..50</c>. A record that lacks one of them is
    /// no event. Empty by default: every record of this name is one.
    /// </summary>
    public IDictionary<string, IReadOnlyList<string>> When { get; }
        = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes an entry without conditions.</summary>
    /// <param name="slug">The slug that the panel gave the event.</param>
    public static implicit operator MetrixEventRule(string slug) => new(slug);

    /// <summary>The slug.</summary>
    public override string ToString() => Slug;
}
