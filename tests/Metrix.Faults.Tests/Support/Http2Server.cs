using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Metrix.Faults.Tests.Support;

/// <summary>Specifies how an HTTP/2 server handles a request.</summary>
internal enum Http2Fault
{
    /// <summary>Accepts the event and answers 200.</summary>
    None,

    /// <summary>Resets the stream with INTERNAL_ERROR and does not accept the event.</summary>
    Reset,

    /// <summary>Accepts the event and announces that it is the last of this connection.</summary>
    GoAway,
}

/// <summary>
/// Serves as much of HTTP/2 (RFC 9113) as a client that posts small bodies needs, frame by frame.
/// </summary>
internal sealed class Http2Server : IAsyncDisposable
{
    private const int Preface = 24;
    private const byte Data = 0, Headers = 1, RstStream = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8;
    private const byte Ack = 1, EndStream = 1, EndHeaders = 4;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly Func<int, Http2Fault> _selectFault;
    private readonly ConcurrentDictionary<int, int> _accepted = new();
    private int _requests;
    private int _connections;

    /// <param name="certificate">The certificate.</param>
    /// <param name="selectFault">Selects the fault of each request. It gets the index of the request, from 1.</param>
    public Http2Server(X509Certificate2 certificate, Func<int, Http2Fault> selectFault)
    {
        (_certificate, _selectFault) = (certificate, selectFault);
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Endpoint => new($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Gets how often each event was accepted, by its number.</summary>
    public IReadOnlyDictionary<int, int> Accepted => _accepted;

    public int Connections => _connections;

    public ValueTask DisposeAsync()
    {
        _listener.Stop();
        return default;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception
            is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The server was stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref _connections);
        try
        {
            using var _ = client;
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
            });
            await stream.ReadExactlyAsync(new byte[Preface]);
            await WriteAsync(stream, Settings, 0, 0, []);
            await ServeAsync(stream);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The client closed the connection.
        }
    }

    private async Task ServeAsync(SslStream stream)
    {
        var bodies = new Dictionary<int, MemoryStream>();
        var last = int.MaxValue;
        var header = new byte[9];
        while (true)
        {
            await stream.ReadExactlyAsync(header);
            var payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
            await stream.ReadExactlyAsync(payload);
            var (type, flags) = (header[3], header[4]);
            var id = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue;
            switch (type)
            {
                case Settings when (flags & Ack) == 0:
                    await WriteAsync(stream, Settings, Ack, 0, []);
                    break;
                case Ping when (flags & Ack) == 0:
                    await WriteAsync(stream, Ping, Ack, 0, payload);
                    break;
                case Headers:
                    bodies[id] = new MemoryStream();
                    break;
                case Data when payload.Length > 0 || (flags & EndStream) != 0:
                    if (payload.Length > 0)
                        await WriteAsync(stream, WindowUpdate, 0, 0, Number(payload.Length));
                    bodies[id].Write(payload);
                    if ((flags & EndStream) != 0 && id <= last)
                        last = await AnswerAsync(stream, id, Encoding.UTF8.GetString(bodies[id].ToArray()), last);
                    break;
            }
        }
    }

    private async Task<int> AnswerAsync(SslStream stream, int id, string body, int last)
    {
        var fault = _selectFault(Interlocked.Increment(ref _requests));
        if (fault == Http2Fault.Reset)
        {
            const int InternalError = 2;
            await WriteAsync(stream, RstStream, 0, id, Number(InternalError));
            return last;
        }

        if (fault == Http2Fault.GoAway && last == int.MaxValue)
        {
            last = id;
            await WriteAsync(stream, GoAway, 0, 0, [.. Number(last), .. Number(0)]);
        }

        _accepted.AddOrUpdate(FaultServer.NumberOf(body), 1, (_, times) => times + 1);

        // Index 8 of the static table is ":status: 200" (RFC 7541, appendix A).
        await WriteAsync(stream, Headers, EndStream | EndHeaders, id, [0x88]);
        return last;
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static async Task WriteAsync(SslStream stream, byte type, byte flags, int id, byte[] payload)
    {
        var length = payload.Length;
        byte[] head = [(byte)(length >> 16), (byte)(length >> 8), (byte)length, type, flags, .. Number(id)];
        await stream.WriteAsync((byte[])[.. head, .. payload]);
    }
}
