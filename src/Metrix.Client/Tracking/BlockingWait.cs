namespace Metrix.Client.Tracking;

/// <summary>
/// Blocks a thread until a task completes or a time limit is reached, without needing the thread pool: a starved pool
/// runs neither timers nor continuations.
/// </summary>
internal static class BlockingWait
{
    // The limit is checked against the client's clock that often, which may run faster than the machine's.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for a task.</summary>
    /// <param name="task">The task. Its exception is not thrown.</param>
    /// <param name="limit">The time limit, by <paramref name="clock"/>. Zero or less only looks.</param>
    /// <param name="clock">The clock.</param>
    /// <returns>Whether the task has completed.</returns>
    public static bool Wait(Task task, TimeSpan limit, TimeProvider clock)
    {
        var startedAt = clock.GetTimestamp();
        var completed = ((IAsyncResult)task).AsyncWaitHandle;
        while (!task.IsCompleted)
        {
            var left = limit - clock.GetElapsedTime(startedAt);
            if (left <= TimeSpan.Zero)
                return false;

            completed.WaitOne(left < CheckInterval ? left : CheckInterval);
        }

        return true;
    }
}
