namespace Metrix.Client.Tracking;

/// <summary>
/// Counts the events that were accepted between two flushes.
/// </summary>
internal sealed class FlushGeneration
{
    /// <summary>Gets or sets the number of events that have not ended. Guarded by <see cref="FlushTracker"/>.</summary>
    public int Pending { get; set; }
}
