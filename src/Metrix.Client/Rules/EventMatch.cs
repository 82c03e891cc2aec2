namespace Metrix.Client.Rules;

/// <summary>
/// Represents what a record was recognized as.
/// </summary>
/// <param name="Slug">The slug that is sent. Empty if the record names an empty one.</param>
/// <param name="Name">The name that the code uses, which can be the slug itself.</param>
internal readonly record struct EventMatch(string Slug, string Name);
