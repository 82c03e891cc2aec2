namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// Represents one use of a pipeline. It is released once, whether its owner is shut down, disposed, or both.
/// </summary>
internal sealed class PipelineLease(ExporterPipeline pipeline) : IDisposable
{
    private readonly ExporterPipeline _pipeline = pipeline.Acquire();
    private int _isReleased;

    /// <inheritdoc cref="ExporterPipeline.Release"/>
    public bool Release(int timeoutMilliseconds) =>
        Interlocked.Exchange(ref _isReleased, 1) == 1 || _pipeline.Release(timeoutMilliseconds);

    public void Dispose()
    {
        Release(Timeout.Infinite);
        _pipeline.WaitForClose();
    }
}
