namespace Serilog.Sinks.Metrix.Recognising;

/// <summary>
/// What a log event was recognised as.
/// </summary>
/// <param name="Slug">The slug that goes to the vendor; empty when the log event names an empty one.</param>
/// <param name="Name">The name that the code uses, which may be the slug itself.</param>
internal readonly record struct Recognition(string Slug, string Name);
