using System.Text;

namespace Metrix.Faults.Tests.Support;

/// <summary>What becomes of a request.</summary>
/// <param name="IsTaken">Whether the vendor took the event, whatever the answer.</param>
/// <param name="Answer">Answers; false ends the connection.</param>
internal sealed record Fault(bool IsTaken, Func<Stream, Task<bool>> Answer)
{
    public static Fault None { get; } = Status(200);

    public static Fault ResetConnection { get; } = new(false, _ => Task.FromResult(false));

    /// <summary>It was read, and taken, and nobody is told.</summary>
    public static Fault ResetAfterTaking { get; } = new(true, _ => Task.FromResult(false));

    public static Fault Silence { get; } = new(false, async _ =>
    {
        await Task.Delay(Timeout.Infinite);
        return false;
    });

    public static Fault NoHttp { get; } = Raw(false, "SSH-2.0-OpenSSH_9.2p1\r\n\r\n", keeps: false);

    public static Fault OneByteASecond { get; } = new(false, async stream =>
    {
        foreach (var character in "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        {
            await stream.WriteAsync(new[] { (byte)character });
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        return true;
    });

    /// <summary>An answer of 100 MB, for as long as somebody reads it.</summary>
    /// <param name="onSent">Called with the number of bytes that went out.</param>
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

    /// <summary>Takes it, and ends the connection.</summary>
    public static Fault TakeAndClose { get; } = Raw(true, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", keeps: false);

    public static Fault Status(int status, string headers = "") =>
        Raw(status is >= 200 and < 300, $"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n{headers}\r\n", keeps: true);

    private static Fault Raw(bool isTaken, string answer, bool keeps) => new(isTaken, async stream =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        return keeps;
    });
}
