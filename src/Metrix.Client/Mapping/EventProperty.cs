namespace Metrix.Client.Mapping;

/// <summary>
/// One attribute (<see cref="Text"/> is set) or metric (it is null) of an event that is being built.
/// </summary>
/// <param name="Name">The name, with the names of the objects that it lies in before it.</param>
/// <param name="Text">An attribute's value.</param>
/// <param name="Number">A metric's value.</param>
/// <param name="Depth">0 on the record itself; of two properties of one name the outermost is kept.</param>
internal readonly record struct EventProperty(string Name, string? Text, double Number, int Depth);
