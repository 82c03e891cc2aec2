namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// One user of a pipeline, who leaves it once, whether it is shut down, disposed, or both.
/// </summary>
internal sealed class PipelineLease(ExporterPipeline pipeline) : IDisposable
{
    private readonly ExporterPipeline _pipeline = pipeline.Join();
    private int _hasLeft;

    /// <inheritdoc cref="ExporterPipeline.Leave"/>
    public bool Leave(int timeoutMilliseconds) =>
        Interlocked.Exchange(ref _hasLeft, 1) == 1 || _pipeline.Leave(timeoutMilliseconds);

    public void Dispose()
    {
        Leave(Timeout.Infinite);
        _pipeline.WaitForClosing();
    }
}
