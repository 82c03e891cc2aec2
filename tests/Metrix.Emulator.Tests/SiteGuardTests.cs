using System.Net;
using System.Text;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class SiteGuardTests
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
    public async Task A_page_of_another_name_may_not_look(string host, int status)
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
    public async Task A_page_of_another_name_may_not_delete()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync();
        using var request = new HttpRequestMessage(HttpMethod.Delete, "api/events");
        request.Headers.Host = "evil.example";
        await emulator.SendAsync(request).RefusalAsync(403);

        Assert.Single(emulator.Events);
    }

    [Fact]
    public async Task An_event_may_be_sent_under_any_name()
    {
        await using var emulator = await StartAsync();
        using var connection = await RawConnection.OpenAsync(emulator);
        await connection.SendAsync(
            $"POST /inappevent/{TestData.App} HTTP/1.1\r\nHost: analytics.metrix.ir\r\nAuthorization: {TestData.Key}\r\n" +
            $"Content-Type: application/json\r\nContent-Length: {TestData.Event().Length}\r\n\r\n{TestData.Event()}");

        Assert.Equal("HTTP/1.1 200 OK", await connection.ReadStatusLineAsync());
    }

    [Fact]
    public async Task When_it_listens_on_all_addresses_it_may_have_a_name()
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
    public async Task A_page_of_another_origin_may_do_nothing(string method, string path)
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync();
        emulator.Faults = [new EmulatorFault { StatusCode = 503 }];
        foreach (var origin in (string[])["http://evil.example", "http://127.0.0.1:1", "null"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
            request.Headers.Add("Origin", origin);
            request.Content = new StringContent("[]", Encoding.UTF8, "application/json");
            Assert.Equal("Origin", (await emulator.SendAsync(request).RefusalAsync(403)).Field);
        }

        Assert.Single(emulator.Events);
        Assert.Single(emulator.Faults);
    }

    [Fact]
    public async Task Its_own_page_may_set_faults()
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
    public async Task What_a_form_of_any_page_can_send_sets_no_faults(string? type)
    {
        await using var emulator = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, "api/faults")
        {
            Content = new ByteArrayContent("""[{"status":503}]"""u8.ToArray()),
        };
        if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.Equal("Content-Type", (await emulator.SendAsync(request).RefusalAsync(415)).Field);
        Assert.Empty(emulator.Faults);
    }

    private static Task<MetrixEmulator> StartAsync(Action<MetrixEmulatorOptions>? configure = null)
    {
        var options = TestData.Options();
        configure?.Invoke(options);
        return MetrixEmulator.StartAsync(options, Cancel);
    }
}
