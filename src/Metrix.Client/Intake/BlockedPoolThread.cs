namespace Metrix.Client.Intake;

/// <summary>
/// Replaces a thread of the thread pool while it waits for an event. Requests are sent by the pool: if as many of its
/// threads wait as it has, nothing can be sent until it adds threads, about one a second.
/// </summary>
/// <remarks>
/// While a thread waits, the minimum number of worker threads is raised by one. The application may change the minimum
/// meanwhile. The value that it sets is then the new base, and the minimum is never left lower.
/// </remarks>
internal static class BlockedPoolThread
{
    private static readonly object Lock = new();
    private static int _blocked;
    private static int _base;
    private static int _lastSet = -1;

    /// <summary>Replaces the current thread, if it belongs to the pool, until the result is disposed.</summary>
    public static Replacement Enter()
    {
        if (!Thread.CurrentThread.IsThreadPoolThread)
            return default;

        Change(1);
        return new Replacement(isActive: true);
    }

    private static void Change(int blocked)
    {
        lock (Lock)
        {
            ThreadPool.GetMinThreads(out var workers, out var ports);
            ThreadPool.GetMaxThreads(out var maxWorkers, out _);
            if (workers != _lastSet)
                _base = workers;
            _blocked += blocked;
            var raised = Math.Max(_base, Math.Min(_base + _blocked, maxWorkers));
            if (ThreadPool.SetMinThreads(raised, ports))
                _lastSet = raised;
        }
    }

    /// <summary>Ends the replacement of a thread.</summary>
    internal readonly struct Replacement(bool isActive) : IDisposable
    {
        public void Dispose()
        {
            if (isActive)
                Change(-1);
        }
    }
}
