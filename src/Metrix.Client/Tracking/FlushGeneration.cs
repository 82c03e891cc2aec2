namespace Metrix.Client.Tracking;

/// <summary>
/// The events that were taken in between two flushes.
/// </summary>
internal sealed class FlushGeneration
{
    /// <summary>How many of them have not ended. Guarded by the <see cref="FlushTracker"/>.</summary>
    public int Pending { get; set; }
}
