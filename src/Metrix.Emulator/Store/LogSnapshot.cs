namespace Metrix.Emulator.Store;

/// <summary>A log at one moment.</summary>
/// <param name="Items">The items kept, oldest first.</param>
/// <param name="Total">How many were added since the start or the last clearing, those dropped included.</param>
internal readonly record struct LogSnapshot<T>(IReadOnlyList<T> Items, long Total);
