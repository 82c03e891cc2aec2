namespace Metrix.AspNetCore.Tests.Support;

/// <summary>Keeps the threads of the pool busy with short work items until it is disposed.</summary>
internal sealed class BusyThreadPool : IDisposable
{
    private volatile bool _isDisposed;

    public BusyThreadPool()
    {
        for (var i = 0; i < 8; i++)
            QueueWork();
    }

    public void Dispose() => _isDisposed = true;

    private void QueueWork() => ThreadPool.UnsafeQueueUserWorkItem(_ =>
    {
        Thread.SpinWait(20_000);
        if (!_isDisposed)
            QueueWork();
    }, null);
}
