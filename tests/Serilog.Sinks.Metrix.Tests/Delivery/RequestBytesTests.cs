using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>Tests the bytes of a request as a plain socket receives them.</summary>
public class RequestBytesTests
{
    [Fact]
    public async Task A_plain_socket_receives_the_same_bytes_as_the_emulator()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ReadRequestAsync(listener, TestContext.Current.CancellationToken);
        await using (var logger = new LoggerConfiguration()
            .WriteTo.Metrix("an/app", Shop.DevKey, new Uri($"http://{listener.LocalEndpoint}/base/")).CreateLogger())
        {
            Log(logger);
        }

        await using var shop = await Shop.StartAsync();
        Log(shop.Logger);
        var body = Encoding.UTF8.GetString(Assert.Single(await shop.CloseAsync()).Request.Body.Span);

        Assert.Equal(
            $"""
            POST /base/inappevent/an%2Fapp HTTP/1.1
            Host: {listener.LocalEndpoint}
            Authorization: dev-key-of-the-shop
            Content-Type: application/json
            Content-Length: {Encoding.UTF8.GetByteCount(body)}

            {body}
            """.ReplaceLineEndings("\r\n"),
            await serving);

        static void Log(ILogger logger) => logger
            .ForContext(TestData.Identity).ForContext("metrix.event_time", 1790000000123)
            .Information("<@abcde> {Product} {Amount}", "کتاب \"نو\" <b>&", 130.5);
    }

    private static async Task<string> ReadRequestAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        using var client = await listener.AcceptTcpClientAsync(cancellationToken);
        var stream = client.GetStream();
        var received = new List<byte>();
        var buffer = new byte[4096];
        while (!IsComplete(received))
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            Assert.NotEqual(0, read);
            received.AddRange(buffer.AsSpan(0, read));
        }

        await stream.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), cancellationToken);
        return Encoding.UTF8.GetString([.. received]);
    }

    private static bool IsComplete(List<byte> received)
    {
        var text = Encoding.UTF8.GetString([.. received]);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;

        const string LengthHeader = "Content-Length: ";
        var length = text.Split("\r\n").Single(line => line.StartsWith(LengthHeader, StringComparison.Ordinal));
        var expected = int.Parse(length[LengthHeader.Length..], CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetByteCount(text[(end + 4)..]) >= expected;
    }
}
