using System.Net;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class ApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_list_contains_the_fields_of_each_event()
    {
        await using var emulator = await StartAsync();
        var body = TestData.Event(
            ("deviceIp", "\"203.0.113.9\""),
            ("customAttributes", """{"_currency":"IRR"}"""),
            ("customMetrics", """{"_revenue":12.5}"""));
        await emulator.SendAcceptedAsync(body);
        var item = Assert.Single(await emulator.ListAsync("api/events"));

        Assert.Equal(1, item.GetProperty("id").GetInt64());
        Assert.Equal(emulator.Events[0].Request.ReceivedAt, item.GetProperty("receivedAt").GetDateTimeOffset());
        Assert.Equal(TestData.App, item.GetProperty("appId").GetString());
        Assert.Equal("mx-user-1001", item.GetProperty("metrixUserId").GetString());
        Assert.Equal("session", item.GetProperty("metrixSessionId").GetString());
        Assert.Equal("cdda802e-fb9c-47ad-9866-0794d394c912", item.GetProperty("advertisingId").GetString());
        Assert.False(item.TryGetProperty("idfa", out _));
        Assert.Equal("taqsq", item.GetProperty("eventSlug").GetString());
        Assert.Equal("1570274953412", item.GetProperty("eventTime").GetString());
        Assert.Equal("203.0.113.9", item.GetProperty("deviceIp").GetString());
        Assert.Equal("""{"_currency":"IRR"}""", item.GetProperty("customAttributes").GetRawText());
        Assert.Equal("""{"_revenue":12.5}""", item.GetProperty("customMetrics").GetRawText());
        Assert.Equal(body, item.GetProperty("body").GetString());
    }

    [Fact]
    public async Task Rejected_list_contains_the_reason_of_each_rejection()
    {
        await using var emulator = await StartAsync();
        await emulator.PostAsync(TestData.Event(("customMetrics", """{"amount":"1"}"""))).ReadRejectionAsync(400);
        var item = Assert.Single(await emulator.ListAsync("api/rejected"));

        Assert.Equal(1, item.GetProperty("id").GetInt64());
        Assert.Equal(TestData.App, item.GetProperty("appId").GetString());
        Assert.Equal(400, item.GetProperty("status").GetInt32());
        Assert.Equal("customMetrics.amount", item.GetProperty("field").GetString());
        Assert.Equal(emulator.Rejected[0].Reason, item.GetProperty("reason").GetString());
        Assert.Equal(TestData.Event(("customMetrics", """{"amount":"1"}""")), item.GetProperty("body").GetString());
    }

    [Theory]
    [InlineData("", 1, 5)]
    [InlineData("?limit=2", 4, 5)]
    [InlineData("?limit=5", 1, 5)]
    [InlineData("?limit=100", 1, 5)]
    [InlineData("?limit=0", 0, -1)]
    public async Task Limit_selects_the_newest_events_and_lists_them_oldest_first(string query, int first, int last)
    {
        await using var emulator = await StartAsync();
        for (var index = 1; index <= 5; index++)
            await emulator.SendAcceptedAsync(TestData.EventWithSlug($"slug{index}"));
        var listed = await emulator.ListAsync($"api/events{query}");

        Assert.Equal(
            Enumerable.Range(first, last - first + 1).Select(index => ((long)index, $"slug{index}")),
            listed.Select(item => (item.GetProperty("id").GetInt64(), item.GetProperty("eventSlug").GetString()!)));
    }

    [Theory]
    [InlineData("api/events?limit=-1")]
    [InlineData("api/events?limit=many")]
    [InlineData("api/rejected?limit=")]
    public async Task Limit_that_is_not_a_number_is_answered_400(string path)
    {
        await using var emulator = await StartAsync();

        Assert.Equal("limit", (await emulator.SendAsync(HttpMethod.Get, path).ReadRejectionAsync(400)).Field);
    }

    [Fact]
    public async Task Ids_are_not_reused_after_events_were_dropped_or_cleared()
    {
        await using var emulator = await StartAsync(options => options.Capacity = 2);
        for (var index = 0; index < 3; index++) await emulator.SendAcceptedAsync();
        Assert.Equal(
            [2, 3], (await emulator.ListAsync("api/events")).Select(item => item.GetProperty("id").GetInt64()));

        emulator.Clear();
        await emulator.SendAcceptedAsync();
        Assert.Equal([4], (await emulator.ListAsync("api/events")).Select(item => item.GetProperty("id").GetInt64()));
    }

    [Fact]
    public async Task DELETE_of_the_events_clears_both_lists()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        await emulator.PostAsync(key: null).ReadRejectionAsync(401);
        using var answer = await emulator.SendAsync(HttpMethod.Delete, "api/events");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("[]", await emulator.TextAsync("api/events"));
        Assert.Equal("[]", await emulator.TextAsync("api/rejected"));
    }

    [Theory]
    [InlineData("POST", "api/events", "GET, DELETE")]
    [InlineData("PUT", "api/events", "GET, DELETE")]
    [InlineData("DELETE", "api/rejected", "GET")]
    public async Task Method_that_a_path_does_not_allow_is_answered_405(string method, string path, string allowed)
    {
        await using var emulator = await StartAsync();
        using var answer = await emulator.SendAsync(HttpMethod.Parse(method), path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow));
        Assert.Empty(emulator.Rejected);
    }

    [Theory]
    [InlineData("api/events")]
    [InlineData("api/rejected")]
    public async Task List_is_JSON_that_is_neither_cached_nor_sniffed(string path)
    {
        await using var emulator = await StartAsync();
        using var answer = await emulator.SendAsync(HttpMethod.Get, path);

        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Persian_text_is_not_escaped()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync(TestData.Event(("customAttributes", """{"نام کالا":"گوشی پرچمدار ژرف"}""")));
        await emulator.PostAsync(TestData.Event(("قیمت", "1"))).ReadRejectionAsync(400);

        Assert.Contains("\"نام کالا\":\"گوشی پرچمدار ژرف\"", await emulator.TextAsync("api/events"));
        Assert.Contains("\"reason\":\"قیمت is not a field", await emulator.TextAsync("api/rejected"));
    }

    [Fact]
    public async Task Invalid_UTF_8_in_a_body_is_shown_with_replacement_characters()
    {
        await using var emulator = await StartAsync();
        await emulator.PostAsync([(byte)'a', 0xFF]).ReadRejectionAsync(400);

        Assert.Equal(
            "a\ufffd", Assert.Single(await emulator.ListAsync("api/rejected")).GetProperty("body").GetString());
    }

    [Fact]
    public async Task List_that_is_larger_than_the_buffer_is_complete()
    {
        await using var emulator = await StartAsync();
        var text = new string('x', 60_000);
        for (var index = 0; index < 50; index++)
            await emulator.SendAcceptedAsync(TestData.Event(("customAttributes", $$"""{"a":"{{text}}"}""")));
        var listed = await emulator.ListAsync("api/events");

        Assert.Equal(50, listed.Length);
        Assert.All(
            listed, item => Assert.Equal(text, item.GetProperty("customAttributes").GetProperty("a").GetString()));
    }

    [Fact]
    public async Task Key_is_masked_wherever_a_request_contains_it()
    {
        await using var emulator = await StartAsync(options => options.Apps.Add("short", TestData.Key[..8]));
        await emulator.SendAcceptedAsync(TestData.Event(
            ("metrixUserId", $"\"{TestData.Key}\""),
            ("customAttributes", $$"""{"{{TestData.Key}}":"{{TestData.Key}}"}"""),
            ("customMetrics", $$"""{"{{TestData.Key}}":1}""")));
        await emulator.PostAsync(app: TestData.Key).ReadRejectionAsync(404);
        await emulator.PostAsync(key: $"Bearer {TestData.Key}").ReadRejectionAsync(401);
        await emulator.PostAsync(TestData.Event((TestData.Key, "1"))).ReadRejectionAsync(400);
        await emulator.PostAsync(contentType: TestData.Key).ReadRejectionAsync(400);
        var everything = await emulator.TextAsync("api/events") + await emulator.TextAsync("api/rejected");

        Assert.Contains("[dev-key]", everything);
        Assert.DoesNotContain(TestData.Key[..8], everything);
        Assert.DoesNotContain(TestData.Key[^8..], everything);
        Assert.All(
            emulator.Rejected, rejected => Assert.DoesNotContain(TestData.Key, rejected.Reason + rejected.Field));
    }

    [Fact]
    public async Task Key_of_an_app_is_masked_for_every_sender_and_in_every_encoding()
    {
        const string Key = "secret+key/1==";
        await using var emulator = await StartAsync(options => options.Apps["other"] = Key);
        await emulator.SendAcceptedAsync(
            TestData.Event(("metrixUserId", $"\"{Key}\""), ("deviceIp", "\"secret\\u002Bkey/1==\"")));
        await emulator.PostAsync(app: Uri.EscapeDataString(Key)).ReadRejectionAsync(404);
        var everything = await emulator.TextAsync("api/events") + await emulator.TextAsync("api/rejected")
            + await emulator.TextAsync("api/events/1") + await emulator.TextAsync("api/events/2");

        Assert.Contains("[dev-key]", everything);
        Assert.DoesNotContain("key/1", everything);
        Assert.DoesNotContain("key%2F1", everything);
    }

    [Fact]
    public async Task Key_of_an_unknown_app_is_masked()
    {
        await using var emulator = await StartAsync(options => options.Apps.Clear());
        await emulator.SendAcceptedAsync(TestData.Event(("deviceIp", $"\"{TestData.Key}\"")));
        await emulator.PostAsync(TestData.Event(("deviceIp", $"\"{TestData.Key}\"")), key: $"Bearer {TestData.Key}")
            .ReadRejectionAsync(401);

        Assert.DoesNotContain(
            TestData.Key, await emulator.TextAsync("api/events") + await emulator.TextAsync("api/rejected"));
    }

    private static Task<MetrixEmulator> StartAsync(Action<MetrixEmulatorOptions>? configure = null)
    {
        var options = TestData.Options();
        configure?.Invoke(options);
        return MetrixEmulator.StartAsync(options, Cancel);
    }
}
