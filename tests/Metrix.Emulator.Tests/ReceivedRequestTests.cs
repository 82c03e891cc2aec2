using System.Net;
using System.Text;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class ReceivedRequestTests
{
    [Fact]
    public async Task Body_of_an_accepted_event_is_kept_byte_for_byte()
    {
        await using var emulator = await StartAsync();
        var text = TestData.Event(("customAttributes", """{"\u0061" :  "<علی>&😀"}"""));
        var body = Encoding.UTF8.GetBytes($" \r\n{text}\n");
        using var answer = await emulator.PostAsync(body);

        Assert.Equal(body, Assert.Single(emulator.Events).Request.Body.ToArray());
    }

    [Fact]
    public async Task Body_of_a_rejected_request_is_kept_byte_for_byte()
    {
        await using var emulator = await StartAsync();
        byte[] body = [0xFF, 0x00, 0x7B];
        await emulator.PostAsync(body, key: "wrong").ReadRejectionAsync(401);

        Assert.Equal(body, Assert.Single(emulator.Rejected).Request.Body.ToArray());
    }

    [Fact]
    public async Task Every_header_is_kept_with_all_its_values()
    {
        await using var emulator = await StartAsync();
        using var connection = await RawConnection.OpenAsync(emulator);
        await connection.SendAsync(RawConnection.Request(
            $"POST /inappevent/{TestData.App} HTTP/1.1",
            $"authorization: {TestData.Key}\ncontent-type: application/json\nX-Odd: one\nX-Odd: two\n",
            TestData.Event()));
        await connection.ReadStatusLineAsync();
        var headers = Assert.Single(emulator.Events).Request.Headers;

        Assert.Equal(6, headers.Count);
        Assert.Equal(TestData.Key, Value("Authorization"));
        Assert.Equal("application/json", Value("Content-Type"));
        Assert.Equal("localhost", Value("Host"));
        Assert.Equal($"{TestData.Event().Length}", Value("Content-Length"));
        Assert.Equal(["one", "two"], headers.Where(header => header.Key == "X-Odd").Select(header => header.Value));

        string Value(string name) =>
            Assert.Single(headers, header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
    }

    [Theory]
    [InlineData("/inappevent/a%2Fb%20c", "a/b c")]
    [InlineData("/inappevent/%D8%B9%D9%84%DB%8C", "علی")]
    [InlineData("/inappevent/plain?a=b", "plain")]
    [InlineData("/inappevent/..", "..")]
    [InlineData("/inappevent/a+b", "a+b")]
    [InlineData("http://analytics.metrix.ir/inappevent/proxied", "proxied")]
    public async Task Path_is_kept_raw_and_the_app_id_is_unescaped(string path, string app)
    {
        await using var emulator = await MetrixEmulator.StartAsync(null, TestContext.Current.CancellationToken);
        using var connection = await RawConnection.OpenAsync(emulator);
        var host = path.StartsWith("http://", StringComparison.Ordinal) ? "analytics.metrix.ir" : "localhost";
        await connection.SendAsync(
            $"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: key\r\nContent-Type: application/json\r\n" +
            $"Content-Length: {TestData.Event().Length}\r\n\r\n{TestData.Event()}");

        Assert.Equal("HTTP/1.1 200 OK", await connection.ReadStatusLineAsync());
        var request = Assert.Single(emulator.Events).Request;
        Assert.Equal((path, app), (request.Path, request.AppId));
    }

    [Fact]
    public async Task Time_address_and_protocol_of_a_request_are_kept()
    {
        await using var emulator = await StartAsync();
        var before = TimeProvider.System.GetUtcNow();
        await emulator.SendAcceptedAsync();
        var request = Assert.Single(emulator.Events).Request;

        Assert.InRange(request.ReceivedAt, before.AddSeconds(-1), TimeProvider.System.GetUtcNow().AddSeconds(1));
        Assert.Equal(TimeSpan.Zero, request.ReceivedAt.Offset);
        Assert.Equal(IPAddress.Loopback, request.RemoteAddress);
        Assert.Equal("HTTP/1.1", request.Protocol);
    }

    [Fact]
    public async Task Requests_on_one_connection_have_the_same_connection_id()
    {
        await using var emulator = await StartAsync();
        for (var connections = 0; connections < 2; connections++)
        {
            using var connection = await RawConnection.OpenAsync(emulator);
            var request = RawConnection.Request(
                $"POST /inappevent/{TestData.App} HTTP/1.1",
                $"Authorization: {TestData.Key}\nContent-Type: application/json\n", TestData.Event());
            await connection.SendAsync(request + request);
            await emulator.WaitForAsync(2 * (connections + 1), null, TestContext.Current.CancellationToken);
        }

        var ids = emulator.Events.Select(received => received.Request.ConnectionId).ToArray();
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(ids[2], ids[3]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Fact]
    public async Task Incomplete_request_of_a_client_that_disconnects_is_not_kept()
    {
        await using var emulator = await StartAsync();
        using (var connection = await RawConnection.OpenAsync(emulator))
            await connection.SendAsync(RawConnection.Request(
                $"POST /inappevent/{TestData.App} HTTP/1.1",
                $"Authorization: {TestData.Key}\n",
                TestData.Event())[..^5]);
        await emulator.SendAcceptedAsync();

        Assert.Single(emulator.Events);
        Assert.Empty(emulator.Rejected);
    }

    [Fact]
    public async Task HTTP_2_request_fails()
    {
        await using var emulator = await StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Get, "api/events")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.SendAsync(request));
    }

    private static Task<MetrixEmulator> StartAsync() =>
        MetrixEmulator.StartAsync(TestData.Options(), TestContext.Current.CancellationToken);
}
