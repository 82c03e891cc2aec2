using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Metrix.Faults.Tests.Support;

/// <summary>
/// A server on raw sockets, which does to a connection what no web server would. It counts what it took, event by event.
/// </summary>
internal sealed class FaultServer : IAsyncDisposable
{
    private readonly Func<FaultRequest, Fault> _behave;
    private readonly ConcurrentDictionary<int, int> _taken = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _connections = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly int _port;
    private TcpListener _listener;
    private int _count;
    private int _accepted;

    /// <param name="behave">What becomes of a request, or of a connection.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    public FaultServer(Func<FaultRequest, Fault> behave, int port = 0)
    {
        _behave = behave;
        _listener = Listen(port);
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    /// <summary>The certificate of new connections; null speaks clear text.</summary>
    public X509Certificate2? Certificate { get; set; }

    public Uri Endpoint => new($"{(Certificate is null ? "http" : "https")}://localhost:{_port}");

    public int Port => _port;

    /// <summary>How many requests came, whatever became of them.</summary>
    public int Requests => _requests.Count;

    /// <summary>The heads of all requests.</summary>
    public IEnumerable<string> Heads => _requests;

    /// <summary>The numbers of the events that were taken, each with how often.</summary>
    public IReadOnlyDictionary<int, int> Taken => _taken;

    /// <summary>Ends as a process that is killed, and listens again at once.</summary>
    public void Restart()
    {
        Stop();
        _listener = Listen(_port);
    }

    public ValueTask DisposeAsync()
    {
        Stop();
        return default;
    }

    private void Stop()
    {
        _listener.Stop();
        foreach (var connection in _connections.Keys)
            Reset(connection);
    }

    private static void Reset(TcpClient connection)
    {
        try
        {
            connection.LingerState = new LingerOption(true, 0);
            connection.Close();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was gone already.
        }
    }

    private TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start(512);
        _ = AcceptAsync(listener);
        return listener;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        _connections.TryAdd(client, 0);
        try
        {
            client.NoDelay = true;
            if (_behave(new FaultRequest(0, Interlocked.Increment(ref _accepted), 0)) == Fault.ResetConnection)
                return;

            await using var stream = await OpenAsync(client);
            while (await ReadAsync(stream) is { } body)
            {
                var request = new FaultRequest(Interlocked.Increment(ref _count), 0, NumberOf(body));
                var fault = _behave(request);
                if (fault.IsTaken)
                    _taken.AddOrUpdate(request.Number, 1, (_, times) => times + 1);
                if (!await fault.Answer(stream))
                    return;
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException
            or System.Security.Authentication.AuthenticationException)
        {
            // The other side gave up first.
        }
        finally
        {
            _connections.TryRemove(client, out _);
            Reset(client);
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (Certificate is not { } certificate)
            return client.GetStream();

        var secure = new SslStream(client.GetStream());
        await secure.AuthenticateAsServerAsync(certificate);
        return secure;
    }

    private async Task<string?> ReadAsync(Stream stream)
    {
        var buffer = new byte[16 * 1024];
        var filled = 0;
        while (true)
        {
            var head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (head >= 0)
            {
                var text = Encoding.ASCII.GetString(buffer, 0, head);
                var length = int.Parse(
                    text.Split("Content-Length: ")[1].Split('\r')[0], CultureInfo.InvariantCulture);
                while (filled < head + 4 + length)
                {
                    var more = await stream.ReadAsync(buffer.AsMemory(filled));
                    if (more == 0)
                        return null;
                    filled += more;
                }

                _requests.Enqueue(text);
                return Encoding.UTF8.GetString(buffer, head + 4, length);
            }

            var read = await stream.ReadAsync(buffer.AsMemory(filled));
            if (read == 0)
                return null;
            filled += read;
        }
    }

    internal static int NumberOf(string body) =>
        int.Parse(body.Split("\"Number\":")[1].Split(',', '}')[0], CultureInfo.InvariantCulture);
}

/// <summary>What a fault is asked about: the request's place among all, or the connection's when there is none yet.</summary>
/// <param name="Index">1 for the first request; 0 when a connection is asked about.</param>
/// <param name="Connection">1 for the first connection; 0 when a request is asked about.</param>
/// <param name="Number">The number of its event.</param>
internal readonly record struct FaultRequest(int Index, int Connection, int Number);
