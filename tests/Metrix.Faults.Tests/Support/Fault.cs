using System.Text;

namespace Metrix.Faults.Tests.Support;

/// <summary>Defines how a server handles a request.</summary>
/// <param name="IsAccepted">Whether the server accepts the event, whatever it answers.</param>
/// <param name="Answer">Writes the answer. Returns false to end the connection.</param>
internal sealed record Fault(bool IsAccepted, Func<Stream, Task<bool>> Answer)
{
    public static Fault None { get; } = Status(200);

    public static Fault ResetConnection { get; } = new(false, _ => Task.FromResult(false));

    /// <summary>Gets a fault that accepts the event and resets the connection without an answer.</summary>
    public static Fault ResetAfterAccepting { get; } = new(true, _ => Task.FromResult(false));

    public static Fault Silence { get; } = new(false, async _ =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        return false;
    });

    public static Fault NoHttp { get; } = Raw(false, "SSH-2.0-OpenSSH_9.2p1\r\n\r\n", keepsConnection: false);

    public static Fault OneByteASecond { get; } = new(false, async stream =>
    {
        foreach (var character in "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        {
            await stream.WriteAsync(new[] { (byte)character });
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }

        return true;
    });

    /// <summary>Creates a fault that accepts the event and writes an answer of 100 MB while the client reads.</summary>
    /// <param name="onSent">Receives the number of bytes after each write.</param>
    public static Fault Flood(Action<int> onSent) => new(true, async stream =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n"));
        var block = new byte[1 << 20];
        for (var i = 0; i < 100; i++)
        {
            await stream.WriteAsync(block);
            onSent(block.Length);
        }

        return true;
    });

    /// <summary>Gets a fault that accepts the event and closes the connection after the answer.</summary>
    public static Fault AcceptAndClose { get; } = Raw(
        true, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", keepsConnection: false);

    /// <summary>Creates a fault that answers with a status and a body that never ends.</summary>
    /// <param name="status">The status.</param>
    public static Fault EndlessBody(int status) => new(status is >= 200 and < 300, async stream =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n"));
        while (true)
        {
            await stream.WriteAsync(new[] { (byte)'a' });
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    });

    public static Fault Status(int status, string headers = "") =>
        Raw(
            status is >= 200 and < 300,
            $"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n{headers}\r\n",
            keepsConnection: true);

    private static Fault Raw(bool isAccepted, string answer, bool keepsConnection) => new(isAccepted, async stream =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        return keepsConnection;
    });
}
