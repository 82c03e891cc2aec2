namespace Metrix.Client.Delivery;

/// <summary>
/// Lets a flush wait for exactly what was taken in before it, whatever comes after.
/// </summary>
internal sealed class FlushTracker
{
    private readonly object _lock = new();

    // The oldest first; the last is the one that takes new events in. There are more than one only while flushes wait.
    private readonly List<(FlushGeneration Generation, TaskCompletionSource Done)> _open = [New()];

    public FlushGeneration Enter()
    {
        lock (_lock)
        {
            var current = _open[^1].Generation;
            current.Pending++;
            return current;
        }
    }

    public void Leave(FlushGeneration? generation)
    {
        if (generation is null)
            return;

        lock (_lock)
        {
            generation.Pending--;
            CompleteSettled();
        }
    }

    /// <summary>A task that ends when all that entered before this call has left.</summary>
    public Task WhenSettled()
    {
        lock (_lock)
        {
            var task = _open[^1].Done.Task;
            _open.Add(New());
            CompleteSettled();
            return task;
        }
    }

    private static (FlushGeneration Generation, TaskCompletionSource Done) New() =>
        (new(), new(TaskCreationOptions.RunContinuationsAsynchronously));

    private void CompleteSettled()
    {
        while (_open.Count > 1 && _open[0].Generation.Pending == 0)
        {
            _open[0].Done.SetResult();
            _open.RemoveAt(0);
        }
    }
}
