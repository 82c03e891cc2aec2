namespace Metrix.Client.Mapping;

/// <summary>
/// Represents an attribute (<see cref="Text"/> is set) or a metric (it is null) of an event that is being built.
/// </summary>
/// <param name="Name">The name, prefixed with the names of the objects around it.</param>
/// <param name="Text">The value of an attribute.</param>
/// <param name="Number">The value of a metric.</param>
/// <param name="Depth">0 on the record itself. Of two properties with one name, the outermost is kept.</param>
internal readonly record struct EventProperty(string Name, string? Text, double Number, int Depth);
