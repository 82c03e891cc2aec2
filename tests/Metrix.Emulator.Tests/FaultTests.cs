using System.Diagnostics;
using System.Net;
using System.Text;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class FaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Fault_answers_its_number_of_requests_and_is_then_removed(int status)
    {
        await using var emulator = await StartAsync(new EmulatorFault { StatusCode = status, Requests = 2 });
        int[] expected = [status, status, 200];
        Assert.Equal(expected, await PostAndGetStatusesAsync(emulator, 3));

        Assert.Empty(emulator.Faults);
        Assert.Equal([status, status], emulator.Rejected.Select(rejected => rejected.Status));
        Assert.Equal($"a fault returned {status}", emulator.Rejected[0].Reason);
        Assert.Single(emulator.Events);
    }

    [Fact]
    public async Task Faults_contain_the_remaining_number_of_requests()
    {
        await using var emulator = await StartAsync(new EmulatorFault { StatusCode = 503, Requests = 3 });
        await emulator.PostAsync();

        Assert.Equal(new EmulatorFault { StatusCode = 503, Requests = 2 }, Assert.Single(emulator.Faults));
    }

    [Theory]
    [InlineData(0.5, new[] { 200, 503, 200, 503, 200, 503, 200, 503, 200, 503 })]
    [InlineData(0.1, new[] { 200, 200, 200, 200, 200, 200, 200, 200, 200, 503 })]
    [InlineData(1, new[] { 503, 503, 503, 503, 503, 503, 503, 503, 503, 503 })]
    public async Task Share_of_a_fault_is_spread_evenly_over_the_requests(double share, int[] statuses)
    {
        await using var emulator = await StartAsync(new EmulatorFault { StatusCode = 503, Share = share });

        Assert.Equal(statuses, await PostAndGetStatusesAsync(emulator, 10));
    }

    [Fact]
    public async Task Fault_of_an_app_does_not_affect_other_apps()
    {
        await using var emulator = await MetrixEmulator.StartAsync(cancellationToken: Cancel);
        emulator.Faults = [new EmulatorFault { StatusCode = 503, AppId = "ios-app" }];
        using var android = await emulator.PostAsync(app: "android-app");
        using var ios = await emulator.PostAsync(app: "ios-app");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (android.StatusCode, ios.StatusCode));
    }

    [Fact]
    public async Task Fault_of_a_slug_does_not_affect_other_slugs()
    {
        await using var emulator = await StartAsync(new EmulatorFault { StatusCode = 503, EventSlug = "qzrtw" });
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("taqsq"));
        using var answer = await emulator.PostAsync(TestData.EventWithSlug("qzrtw"));
        using var invalid = await emulator.PostAsync(
            TestData.Event(("metrixUserId", null), ("eventSlug", "\"qzrtw\"")));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, invalid.StatusCode);
        Assert.Equal("metrixUserId is missing", emulator.Rejected[1].Reason);
    }

    [Fact]
    public async Task First_fault_that_matches_decides_the_answer()
    {
        await using var emulator = await StartAsync(
            new EmulatorFault { StatusCode = 429, EventSlug = "other" },
            new EmulatorFault { StatusCode = 500, Requests = 1 },
            new EmulatorFault { StatusCode = 503 });

        int[] expected = [500, 503, 503];
        Assert.Equal(expected, await PostAndGetStatusesAsync(emulator, 3));
    }

    [Fact]
    public async Task Fault_takes_precedence_over_the_delegate()
    {
        await using var emulator = await MetrixEmulator.StartAsync(
            TestData.Options(_ => new EmulatorResponse(500)), Cancel);
        emulator.Faults = [new EmulatorFault { StatusCode = 503, Requests = 1 }];

        int[] expected = [503, 500];
        Assert.Equal(expected, await PostAndGetStatusesAsync(emulator, 2));
    }

    [Fact]
    public async Task Fault_can_send_Retry_After()
    {
        await using var emulator = await StartAsync(
            new EmulatorFault { StatusCode = 429, RetryAfter = TimeSpan.FromSeconds(1.5) });
        using var answer = await emulator.PostAsync();

        Assert.Equal("2", answer.Headers.RetryAfter?.ToString());
    }

    [Fact]
    public async Task Fault_with_only_a_delay_keeps_the_emulators_own_answer()
    {
        var delay = TimeSpan.FromMilliseconds(300);
        await using var emulator = await StartAsync(new EmulatorFault { Delay = delay });
        var watch = Stopwatch.StartNew();
        await emulator.SendAcceptedAsync();
        await emulator.PostAsync(TestData.Event(("eventSlug", null))).ReadRejectionAsync(400);

        // A timer may fire some milliseconds early.
        Assert.True(watch.Elapsed > (2 * delay) - TimeSpan.FromMilliseconds(100), $"{watch.Elapsed}");
        Assert.Equal("eventSlug is missing", Assert.Single(emulator.Rejected).Reason);
    }

    [Fact]
    public async Task Fault_that_closes_the_connection_still_accepts_the_event()
    {
        await using var emulator = await StartAsync(new EmulatorFault { CloseConnection = true, Requests = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.PostAsync());

        Assert.Single(emulator.Events);
        await emulator.SendAcceptedAsync();
    }

    [Fact]
    public async Task Fault_that_never_answers_holds_the_request_until_the_emulator_stops()
    {
        var emulator = await StartAsync(new EmulatorFault { NeverAnswer = true });
        var held = emulator.PostAsync();
        await emulator.WaitForAsync(1, null, Cancel);
        Assert.False(held.IsCompleted);
        await emulator.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => held);
    }

    [Fact]
    public async Task Faults_can_be_set_and_removed_over_HTTP()
    {
        const string all =
            """[{"status":503,"delayMilliseconds":10,"neverAnswer":true,"closeConnection":true""" +
            ""","retryAfterSeconds":7,"requests":3,"share":0.5,"app":"android-app","slug":"taqsq"}""" +
            """,{"delayMilliseconds":5,"share":1}]""";
        await using var emulator = await StartAsync();
        using var set = await PutAsync(emulator, all);

        Assert.Equal(all, await set.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(all, await emulator.TextAsync("api/faults"));
        Assert.Equal(
            [
                new EmulatorFault
                {
                    StatusCode = 503, Delay = TimeSpan.FromMilliseconds(10), NeverAnswer = true, CloseConnection = true,
                    RetryAfter = TimeSpan.FromSeconds(7), Requests = 3, Share = 0.5,
                    AppId = "android-app", EventSlug = "taqsq",
                },
                new EmulatorFault { Delay = TimeSpan.FromMilliseconds(5) },
            ],
            emulator.Faults);

        using var cleared = await emulator.SendAsync(HttpMethod.Delete, "api/faults");
        Assert.Equal(HttpStatusCode.NoContent, cleared.StatusCode);
        Assert.Empty(emulator.Faults);
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("[", null)]
    [InlineData("[1]", "[0]")]
    [InlineData("""[{"\ud83d":1}]""", null)]
    [InlineData("""[{},{"staus":503}]""", "[1].staus")]
    [InlineData("""[{"status":"503"}]""", "[0].status")]
    [InlineData("""[{"status":99}]""", "[0].status")]
    [InlineData("""[{"status":50.3}]""", "[0].status")]
    [InlineData("""[{"requests":0}]""", "[0].requests")]
    [InlineData("""[{"share":0}]""", "[0].share")]
    [InlineData("""[{"share":1.1}]""", "[0].share")]
    [InlineData("""[{"delayMilliseconds":-1}]""", "[0].delayMilliseconds")]
    [InlineData("""[{"delayMilliseconds":86400001}]""", "[0].delayMilliseconds")]
    [InlineData("""[{"neverAnswer":1}]""", "[0].neverAnswer")]
    public async Task Invalid_fault_is_answered_400_with_its_member_and_changes_nothing(string body, string? field)
    {
        await using var emulator = await StartAsync(new EmulatorFault { StatusCode = 503 });

        Assert.Equal(field, (await PutAsync(emulator, body).ReadRejectionAsync(400)).Field);
        Assert.Equal(503, Assert.Single(emulator.Faults).StatusCode);
    }

    private static async Task<int[]> PostAndGetStatusesAsync(MetrixEmulator emulator, int requests)
    {
        var statuses = new int[requests];
        for (var index = 0; index < requests; index++)
        {
            using var answer = await emulator.PostAsync();
            statuses[index] = (int)answer.StatusCode;
        }

        return statuses;
    }

    private static Task<HttpResponseMessage> PutAsync(MetrixEmulator emulator, string body) =>
        emulator.SendAsync(new HttpRequestMessage(HttpMethod.Put, "api/faults")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        });

    private static async Task<MetrixEmulator> StartAsync(params EmulatorFault[] faults)
    {
        var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        emulator.Faults = faults;
        return emulator;
    }
}
