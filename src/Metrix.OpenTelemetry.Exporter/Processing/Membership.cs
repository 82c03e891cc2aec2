namespace Metrix.OpenTelemetry.Exporter.Processing;

/// <summary>
/// One user of a pipeline, who leaves it once, whether it is shut down, disposed, or both.
/// </summary>
internal sealed class Membership(Pipeline pipeline) : IDisposable
{
    private readonly Pipeline _pipeline = pipeline.Join();
    private int _hasLeft;

    /// <inheritdoc cref="Pipeline.Leave"/>
    public bool Leave(int timeoutMilliseconds) =>
        Interlocked.Exchange(ref _hasLeft, 1) == 1 || _pipeline.Leave(timeoutMilliseconds);

    public void Dispose()
    {
        Leave(Timeout.Infinite);
        _pipeline.WaitForClosing();
    }
}
