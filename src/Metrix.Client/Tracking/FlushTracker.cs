namespace Metrix.Client.Tracking;

/// <summary>
/// Lets a flush wait for exactly the events that were accepted before it, regardless of later ones.
/// </summary>
internal sealed class FlushTracker
{
    private readonly object _lock = new();

    private bool _hasAbandoned;

    // Oldest first. New events enter the last one. There is more than one only while flushes wait.
    private readonly List<(FlushGeneration Generation, TaskCompletionSource<bool> Done)> _open = [New()];

    /// <summary>Counts an event in.</summary>
    /// <returns>The generation to pass to <see cref="Leave"/>.</returns>
    public FlushGeneration Enter()
    {
        lock (_lock)
        {
            var current = _open[^1].Generation;
            current.Pending++;
            return current;
        }
    }

    /// <summary>Counts an event out.</summary>
    /// <param name="generation">The generation that <see cref="Enter"/> returned for the event.</param>
    /// <param name="isAbandoned">Whether the event ends without a known outcome.</param>
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
    /// Returns a task that completes when every event that entered before this call has left. Its result is false if an
    /// event was abandoned.
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
