namespace Metrix.Emulator.Store;

/// <summary>Represents the state of a log at one moment.</summary>
/// <param name="Items">The kept items, oldest first.</param>
/// <param name="Total">The number of items added since the start or the last clear, including dropped ones.</param>
internal readonly record struct LogSnapshot<T>(IReadOnlyList<T> Items, long Total);
