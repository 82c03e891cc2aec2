using System.Net.Sockets;
using System.Text;

namespace Metrix.Emulator.Tests.Support;

/// <summary>Sends requests over a socket, for tests that depend on the exact bytes.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<RawConnection> OpenAsync(MetrixEmulator emulator) =>
        OpenAsync(emulator.Endpoint.Host, emulator.Endpoint.Port);

    public static async Task<RawConnection> OpenAsync(string host, int port)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(host, port, Cancel);
        return connection;
    }

    /// <summary>Returns a complete request. The line ends of the head are converted to CR LF.</summary>
    public static string Request(string requestLine, string headers = "", string? body = null) =>
        $"{requestLine}\nHost: localhost\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body ?? "")}\n\n"
            .ReplaceLineEndings("\r\n") + body;

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _client.GetStream().WriteAsync(bytes, Cancel);

    /// <summary>Reads the status line of the next answer.</summary>
    public async Task<string> ReadStatusLineAsync()
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (await _client.GetStream().ReadAsync(next, Cancel) == 1 && next[0] != '\r') line.Append((char)next[0]);
        return line.ToString();
    }

    /// <summary>Reads until a character has occurred a number of times.</summary>
    public async Task SkipUntilAsync(char character, int times)
    {
        var buffer = new byte[64 * 1024];
        while (times > 0 && await _client.GetStream().ReadAsync(buffer, Cancel) is var read and > 0)
            times -= buffer.AsSpan(0, read).Count((byte)character);
        Assert.Equal(0, times);
    }

    /// <summary>Reads everything until the server closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var reader = new StreamReader(_client.GetStream(), Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(Cancel);
    }

    public void Dispose() => _client.Dispose();
}
