namespace Metrix.Client.Rules;

/// <summary>
/// What a record was recognised as.
/// </summary>
/// <param name="Slug">The slug that goes to the vendor; empty when the record names an empty one.</param>
/// <param name="Name">The name that the code uses, which may be the slug itself.</param>
internal readonly record struct EventMatch(string Slug, string Name);
