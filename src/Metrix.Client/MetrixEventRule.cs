namespace Metrix.Client;

/// <summary>
/// Represents one entry of <see cref="MetrixOptions.Slugs"/>: the slug of an event, and the conditions under which a
/// record of that name is one. Text converts implicitly: <c>options.Slugs["Purchase"] = "taqsq"</c>.
/// </summary>
public sealed class MetrixEventRule
{
    /// <summary>
    /// Initializes a new instance of the <see cref="MetrixEventRule"/> class.
    /// </summary>
    /// <param name="slug">The slug from the Metrix panel.</param>
    /// <exception cref="ArgumentNullException"><paramref name="slug"/> is null.</exception>
    public MetrixEventRule(string slug)
    {
        ArgumentNullException.ThrowIfNull(slug);
        Slug = slug;
    }

    /// <summary>
    /// Gets the slug from the Metrix panel.
    /// </summary>
    public string Slug { get; }

    /// <summary>
    /// Gets the conditions that a record of this name must meet, by the name of a property, tag or attribute. The value
    /// must match one of the listed texts (case is ignored), numbers, or inclusive ranges such as <c>200..299</c>,
    /// <c>100..</c> or <c>..50</c>. A record that lacks a listed property is not an event. Empty by default: every
    /// record of this name is an event.
    /// </summary>
    public IDictionary<string, IReadOnlyList<string>> When { get; }
        = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Converts a slug to a rule without conditions.</summary>
    /// <param name="slug">The slug from the Metrix panel.</param>
    public static implicit operator MetrixEventRule(string slug) => new(slug);

    /// <summary>Returns the slug.</summary>
    public override string ToString() => Slug;
}
