using System.Net;
using System.Text;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class CrossSiteGuardTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("evil.example:5080", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:5080", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:5080", 200)]
    public async Task Request_with_a_foreign_Host_cannot_read_anything(string host, int status)
    {
        await using var emulator = await StartAsync();
        foreach (var path in (string[])["", "page/main.js", "api/events", "api/rejected", "api/stats", "api/faults"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            using var answer = await emulator.SendAsync(request);
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task Request_with_a_foreign_Host_cannot_delete_events()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Delete, "api/events");
        request.Headers.Host = "evil.example";
        await emulator.SendAsync(request).ReadRejectionAsync(403);

        Assert.Single(emulator.Events);
    }

    [Fact]
    public async Task Event_with_a_foreign_Host_is_accepted()
    {
        await using var emulator = await StartAsync();
        using var connection = await RawConnection.OpenAsync(emulator);
        await connection.SendAsync(
            $"POST /inappevent/{TestData.App} HTTP/1.1\r\nHost: analytics.metrix.ir\r\n" +
            $"Authorization: {TestData.Key}\r\nContent-Type: application/json\r\n" +
            $"Content-Length: {TestData.Event().Length}\r\n\r\n{TestData.Event()}");

        Assert.Equal("HTTP/1.1 200 OK", await connection.ReadStatusLineAsync());
    }

    [Fact]
    public async Task Any_Host_is_accepted_when_the_emulator_listens_on_all_addresses()
    {
        await using var emulator = await StartAsync(options => options.Address = IPAddress.Any);
        using var answer = await emulator.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "api/events") { Headers = { Host = "emulator.internal" } });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("PUT", "api/faults")]
    [InlineData("DELETE", "api/faults")]
    [InlineData("DELETE", "api/events")]
    [InlineData("GET", "api/stream")]
    public async Task Request_with_a_foreign_Origin_is_answered_403_and_changes_nothing(string method, string path)
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        emulator.Faults = [new EmulatorFault { StatusCode = 503 }];
        foreach (var origin in (string[])["http://evil.example", "http://127.0.0.1:1", "null"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
            request.Headers.Add("Origin", origin);
            request.Content = new StringContent("[]", Encoding.UTF8, "application/json");
            Assert.Equal("Origin", (await emulator.SendAsync(request).ReadRejectionAsync(403)).Field);
        }

        Assert.Single(emulator.Events);
        Assert.Single(emulator.Faults);
    }

    [Fact]
    public async Task Request_with_the_own_Origin_can_set_faults()
    {
        await using var emulator = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, "api/faults");
        request.Headers.Add("Origin", emulator.Endpoint.GetLeftPart(UriPartial.Authority));
        request.Content = new StringContent("""[{"status":503}]""", Encoding.UTF8, "application/json");
        using var answer = await emulator.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(503, Assert.Single(emulator.Faults).StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Content_type_that_a_form_can_send_cannot_set_faults(string? type)
    {
        await using var emulator = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, "api/faults")
        {
            Content = new ByteArrayContent("""[{"status":503}]"""u8.ToArray()),
        };
        if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.Equal("Content-Type", (await emulator.SendAsync(request).ReadRejectionAsync(415)).Field);
        Assert.Empty(emulator.Faults);
    }

    private static Task<MetrixEmulator> StartAsync(Action<MetrixEmulatorOptions>? configure = null)
    {
        var options = TestData.Options();
        configure?.Invoke(options);
        return MetrixEmulator.StartAsync(options, Cancel);
    }
}
