using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Metrix.Faults.Tests.Support;

/// <summary>
/// Serves HTTP on raw sockets, with faults that a web server cannot produce. Counts the accepted events by number.
/// </summary>
internal sealed class FaultServer : IAsyncDisposable
{
    private readonly Func<FaultRequest, Fault> _selectFault;
    private readonly ConcurrentDictionary<int, int> _accepted = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _connections = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly int _port;
    private TcpListener _listener;
    private int _requestCount;
    private int _connectionCount;

    /// <param name="selectFault">Selects the fault of each connection and each request.</param>
    /// <param name="port">The port. Default 0: a free port.</param>
    public FaultServer(Func<FaultRequest, Fault> selectFault, int port = 0)
    {
        _selectFault = selectFault;
        _listener = Listen(port);
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    /// <summary>Gets or sets the certificate of new connections. Null disables TLS.</summary>
    public X509Certificate2? Certificate { get; set; }

    public Uri Endpoint => new($"{(Certificate is null ? "http" : "https")}://localhost:{_port}");

    public int Port => _port;

    /// <summary>Gets the number of requests, whatever their fault.</summary>
    public int Requests => _requests.Count;

    /// <summary>Gets how often each event was accepted, by its number.</summary>
    public IReadOnlyDictionary<int, int> Accepted => _accepted;

    /// <summary>Resets all connections, as the kill of a server process does, and listens again at once.</summary>
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
            // The connection was closed already.
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
        catch (Exception exception) when (exception
            is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The server was stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        _connections.TryAdd(client, 0);
        try
        {
            client.NoDelay = true;
            var connection = new FaultRequest(0, Interlocked.Increment(ref _connectionCount), 0);
            if (_selectFault(connection) == Fault.ResetConnection)
                return;

            await using var stream = await OpenAsync(client);
            while (await ReadAsync(stream) is { } body)
            {
                var request = new FaultRequest(Interlocked.Increment(ref _requestCount), 0, NumberOf(body));
                var fault = _selectFault(request);
                if (fault.IsAccepted)
                    _accepted.AddOrUpdate(request.Number, 1, (_, times) => times + 1);
                if (!await fault.Answer(stream))
                    return;
            }
        }
        catch (Exception exception) when (exception
            is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The client closed the connection first.
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

/// <summary>Identifies the request or the new connection that a fault is selected for.</summary>
/// <param name="Index">The request, from 1. 0 for a connection.</param>
/// <param name="Connection">The connection, from 1. 0 for a request.</param>
/// <param name="Number">The number of the request's event.</param>
internal readonly record struct FaultRequest(int Index, int Connection, int Number);
