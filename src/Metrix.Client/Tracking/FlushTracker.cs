namespace Metrix.Client.Tracking;

/// <summary>
/// Lets a flush wait for exactly what was taken in before it, whatever comes after.
/// </summary>
internal sealed class FlushTracker
{
    private readonly object _lock = new();

    private bool _hasAbandoned;

    // The oldest first; the last is the one that takes new events in. There are more than one only while flushes wait.
    private readonly List<(FlushGeneration Generation, TaskCompletionSource<bool> Done)> _open = [New()];

    /// <summary>Counts one in, and gives what it leaves with.</summary>
    public FlushGeneration Enter()
    {
        lock (_lock)
        {
            var current = _open[^1].Generation;
            current.Pending++;
            return current;
        }
    }

    /// <param name="generation">What <see cref="Enter"/> gave for the event.</param>
    /// <param name="isAbandoned">Whether it leaves without an outcome.</param>
    public void Leave(FlushGeneration? generation, bool isAbandoned = false)
    {
        if (generation is null)
            return;

        lock (_lock)
        {
            generation.Pending--;
            _hasAbandoned |= isAbandoned;
            CompleteDrained();
        }
    }

    /// <summary>
    /// A task that ends when all that entered before this call has left: with false when some of it was abandoned.
    /// </summary>
    public Task<bool> WhenDrained()
    {
        lock (_lock)
        {
            var task = _open[^1].Done.Task;
            _open.Add(New());
            CompleteDrained();
            return task;
        }
    }

    private static (FlushGeneration Generation, TaskCompletionSource<bool> Done) New() =>
        (new(), new(TaskCreationOptions.RunContinuationsAsynchronously));

    private void CompleteDrained()
    {
        while (_open.Count > 1 && _open[0].Generation.Pending == 0)
        {
            _open[0].Done.SetResult(!_hasAbandoned);
            _open.RemoveAt(0);
        }
    }
}
