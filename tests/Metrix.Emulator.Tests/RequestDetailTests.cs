using System.Globalization;
using System.Text.Json;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class RequestDetailTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Detail_lists_the_fields_in_the_order_of_the_body()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync(TestData.Event(
            ("customMetrics", """{"b":1.50,"a":-2}"""),
            ("customAttributes", """{"شهر":"تهران"}"""),
            ("deviceIp", "\"203.0.113.9\"")));
        var fields = (await DetailAsync(emulator, 1)).GetProperty("fields").EnumerateArray()
            .Select(field => (field.GetProperty("path").GetString(), field.GetProperty("text").GetString()));

        Assert.Equal(
            [
                ("metrixUserId", "mx-user-1001"), ("metrixSessionId", "session"),
                ("advertisingId", "cdda802e-fb9c-47ad-9866-0794d394c912"), ("eventSlug", "taqsq"),
                ("eventTime", "1570274953412"), ("customMetrics.b", "1.50"), ("customMetrics.a", "-2"),
                ("customAttributes.شهر", "تهران"), ("deviceIp", "203.0.113.9"),
            ],
            fields);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{\"a\":")]
    public async Task Detail_of_a_body_that_is_not_an_object_has_no_fields_but_the_raw_body(string body)
    {
        await using var emulator = await StartAsync();
        await emulator.PostAsync(body).ReadRejectionAsync(400);
        var detail = await DetailAsync(emulator, 1);

        Assert.Empty(detail.GetProperty("fields").EnumerateArray());
        Assert.Equal(body, detail.GetProperty("request").GetProperty("body").GetString());
    }

    [Fact]
    public async Task Detail_contains_the_whole_request_except_for_its_key()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync(TestData.Event(("customAttributes", $$"""{"a":"{{TestData.Key}}"}""")));
        var detail = await DetailAsync(emulator, 1);
        var request = detail.GetProperty("request");
        var headers = request.GetProperty("headers").EnumerateArray()
            .ToDictionary(
                header => header.GetProperty("name").GetString()!, header => header.GetProperty("value").GetString());

        Assert.Equal("POST", request.GetProperty("method").GetString());
        Assert.Equal($"/inappevent/{TestData.App}", request.GetProperty("path").GetString());
        Assert.Equal("[dev-key]", headers["Authorization"]);
        Assert.Equal("application/json", headers["Content-Type"]);
        Assert.DoesNotContain(TestData.Key, detail.GetRawText());
    }

    [Fact]
    public async Task Detail_masks_a_short_key_in_its_header()
    {
        await using var emulator = await MetrixEmulator.StartAsync(cancellationToken: Cancel);
        await emulator.PostAsync(key: "abc");

        Assert.DoesNotContain("\"abc\"", await emulator.TextAsync("api/events/1"));
    }

    [Theory]
    [InlineData("metrixUserId", null, 400, "setOnReceiveUserIdListener")]
    [InlineData("idfa", "\"6D92078A\"", 400, "Send exactly one of them")]
    [InlineData("customAttributes", "{\"a\":1}", 400, "Attributes are strings")]
    [InlineData("eventslug", "\"a\"", 400, "Compare the name")]
    public async Task Detail_of_a_rejection_contains_advice(string field, string? json, int status, string advice)
    {
        await using var emulator = await StartAsync();
        await emulator.PostAsync(TestData.Event((field, json))).ReadRejectionAsync(status);
        var remark = Assert.Single((await DetailAsync(emulator, 1)).GetProperty("remarks").EnumerateArray());

        Assert.Equal("error", remark.GetProperty("severity").GetString());
        Assert.Contains(advice, remark.GetProperty("advice").GetString());
        Assert.Equal(emulator.Rejected[0].Advice, remark.GetProperty("advice").GetString());
        Assert.Equal(emulator.Rejected[0].Reason, remark.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Detail_contains_the_answer_that_was_sent()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        using (var refused = await emulator.PostAsync(TestData.Event(("eventSlug", null))))
            Assert.Equal(await refused.Content.ReadAsStringAsync(Cancel), await BodyAsync(emulator, 2));
        emulator.Faults =
        [
            new EmulatorFault
            {
                StatusCode = 429, RetryAfter = TimeSpan.FromSeconds(7), Delay = TimeSpan.FromMilliseconds(1),
            },
        ];
        await emulator.PostAsync();
        var answer = (await DetailAsync(emulator, 3)).GetProperty("answer");

        Assert.Equal("""{"status":"ok"}""", await BodyAsync(emulator, 1));
        Assert.Equal("429 Too Many Requests", $"{answer.GetProperty("status")} {answer.GetProperty("phrase")}");
        var header = answer.GetProperty("headers")[0];
        Assert.Equal("Retry-After: 7", $"{header.GetProperty("name")}: {header.GetProperty("value")}");
        Assert.Equal("delayed", answer.GetProperty("manner").GetString());
        Assert.Equal(1, answer.GetProperty("delayMilliseconds").GetInt64());
    }

    [Fact]
    public async Task Detail_contains_the_time_between_the_event_and_its_arrival()
    {
        await using var emulator = await StartAsync();
        var time = TimeProvider.System.GetUtcNow().AddMinutes(-3).ToUnixTimeMilliseconds();
        await emulator.SendAcceptedAsync(
            TestData.Event(("eventTime", $"\"{time.ToString(CultureInfo.InvariantCulture)}\"")));
        await emulator.SendAcceptedAsync(TestData.Event(("eventTime", null)));

        Assert.Equal(
            emulator.Events[0].Request.ReceivedAt.ToUnixTimeMilliseconds() - time,
            (await DetailAsync(emulator, 1)).GetProperty("lateMilliseconds").GetInt64());
        Assert.False((await DetailAsync(emulator, 2)).TryGetProperty("lateMilliseconds", out _));
    }

    [Fact]
    public async Task Detail_of_each_attempt_lists_all_attempts_of_the_event()
    {
        await using var emulator = await StartAsync();
        emulator.Faults = [new EmulatorFault { StatusCode = 503, Requests = 2 }];
        await emulator.PostAsync();
        await emulator.PostAsync();
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("other"));
        await emulator.SendAcceptedAsync();

        foreach (var id in (int[])[1, 2, 4])
            Assert.Equal(
                [(1L, 503), (2L, 503), (4L, 200)], IdsAndStatuses(await DetailAsync(emulator, id), "attempts"));
        Assert.Equal([(3L, 200)], IdsAndStatuses(await DetailAsync(emulator, 3), "attempts"));
        Assert.Empty(IdsAndStatuses(await DetailAsync(emulator, 4), "duplicates"));
    }

    [Fact]
    public async Task Detail_lists_accepted_events_with_the_same_app_user_slug_and_time_as_duplicates()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        await emulator.SendAcceptedAsync(TestData.Event(("customAttributes", """{"a":"b"}""")));
        await emulator.SendAcceptedAsync(TestData.Event(("metrixUserId", "\"another\"")));
        await emulator.SendAcceptedAsync(TestData.Event(("eventTime", "\"1570274953413\"")));
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("other"));
        await emulator.PostAsync(TestData.Event(("eventSlug", "1"))).ReadRejectionAsync(400);

        Assert.Equal([(2L, 200)], IdsAndStatuses(await DetailAsync(emulator, 1), "duplicates"));
        Assert.Equal([(1L, 200)], IdsAndStatuses(await DetailAsync(emulator, 2), "duplicates"));
        Assert.Empty(IdsAndStatuses(await DetailAsync(emulator, 3), "duplicates"));
        Assert.Empty(IdsAndStatuses(await DetailAsync(emulator, 6), "duplicates"));
    }

    [Theory]
    [InlineData("api/events/1")]
    [InlineData("api/events/3")]
    [InlineData("api/events/-1")]
    [InlineData("api/events/x")]
    [InlineData("api/events/")]
    public async Task Detail_of_a_request_that_is_not_kept_is_answered_404(string path)
    {
        var options = TestData.Options();
        options.Capacity = 1;
        await using var emulator = await MetrixEmulator.StartAsync(options, Cancel);
        await emulator.SendAcceptedAsync();
        await emulator.SendAcceptedAsync();

        await emulator.SendAsync(HttpMethod.Get, path).ReadRejectionAsync(404);
    }

    [Fact]
    public async Task Stats_count_requests_by_verdict_and_by_minute()
    {
        await using var emulator = await StartAsync();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        await emulator.SendAcceptedAsync(TestData.Event(("eventTime", $"\"{now}\"")));
        await emulator.SendAcceptedAsync();
        await emulator.PostAsync(key: null).ReadRejectionAsync(401);
        emulator.Faults = [new EmulatorFault { StatusCode = 503, Requests = 1 }];
        await emulator.PostAsync();
        using var stats = JsonDocument.Parse(await emulator.TextAsync("api/stats"));
        var minutes = stats.RootElement.GetProperty("minutes").EnumerateArray().ToArray();

        // A new minute may have started between the requests.
        Assert.InRange(minutes.Length, 1, 2);
        Assert.Equal(4, stats.RootElement.GetProperty("held").GetInt32());
        foreach (var verdict in (string[])["accepted", "warned", "rejected", "faulted"])
        {
            Assert.Equal(1, stats.RootElement.GetProperty(verdict).GetInt64());
            Assert.Equal(1, minutes.Sum(minute => minute.GetProperty(verdict).GetInt64()));
        }

        emulator.Clear();
        Assert.Equal(
            """{"accepted":0,"warned":0,"rejected":0,"faulted":0,"held":0,"minutes":[]}""",
            await emulator.TextAsync("api/stats"));
    }

    private static (long Id, int Status)[] IdsAndStatuses(JsonElement detail, string name) =>
    [
        .. from other in detail.GetProperty(name).EnumerateArray()
           select (other.GetProperty("id").GetInt64(), other.GetProperty("status").GetInt32()),
    ];

    private static async Task<string?> BodyAsync(MetrixEmulator emulator, long id) =>
        (await DetailAsync(emulator, id)).GetProperty("answer").GetProperty("body").GetString();

    private static async Task<JsonElement> DetailAsync(MetrixEmulator emulator, long id) =>
        JsonDocument.Parse(await emulator.TextAsync($"api/events/{id}")).RootElement;

    private static Task<MetrixEmulator> StartAsync() => MetrixEmulator.StartAsync(TestData.Options(), Cancel);
}
