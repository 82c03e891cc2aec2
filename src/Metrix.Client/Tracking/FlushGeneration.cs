namespace Metrix.Client.Tracking;

/// <summary>
/// Counts the events that were accepted between two flushes. Guarded by the lock of <see cref="FlushTracker"/>.
/// </summary>
internal sealed class FlushGeneration(long number)
{
    /// <summary>Gets the number of the generation. Later generations have higher numbers.</summary>
    public long Number { get; } = number;

    /// <summary>Gets or sets the number of events that have not ended.</summary>
    public int Pending { get; set; }

    /// <summary>
    /// Gets or sets the number of the last generation whose flush waited when an event of this one was lost, or -1.
    /// </summary>
    public long LostUpTo { get; set; } = -1;

    /// <summary>Gets or sets what the flush that ended the generation waits for, or null before that flush.</summary>
    public TaskCompletionSource<bool>? Flush { get; set; }
}
