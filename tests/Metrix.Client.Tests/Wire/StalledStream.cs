using System.Text;

namespace Metrix.Client.Tests.Wire;

/// <summary>Returns the start of an answer and then waits forever.</summary>
/// <param name="start">The start.</param>
/// <param name="observesCancellation">Whether a read can be canceled.</param>
internal sealed class StalledStream(string start, bool observesCancellation) : Stream
{
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _rest = Encoding.UTF8.GetBytes(start);

    /// <summary>Gets a task that completes when the reader waits.</summary>
    public Task Stalled => _stalled.Task;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.Length == 0)
        {
            var wait = Task.Delay(
                Timeout.InfiniteTimeSpan,
                TimeProvider.System,
                observesCancellation ? cancellationToken : CancellationToken.None);
            _stalled.TrySetResult();
            await wait;
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest.AsMemory(0, count).CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
