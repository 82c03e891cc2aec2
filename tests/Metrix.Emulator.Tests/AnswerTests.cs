using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class AnswerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Null_leaves_the_answer_as_it_is()
    {
        await using var emulator = await StartAsync(_ => null);

        await emulator.AcceptsAsync();
        await emulator.PostAsync(key: null).RefusalAsync(401);
    }

    [Fact]
    public async Task An_answer_replaces_that_of_the_verdict()
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(503)
        {
            Headers = new Dictionary<string, string> { ["Retry-After"] = "7", ["X-Odd"] = "odd" },
            Body = "بعداً",
        });
        using var answer = await emulator.PostAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("7", answer.Headers.RetryAfter?.ToString());
        Assert.Equal("odd", Assert.Single(answer.Headers.GetValues("X-Odd")));
        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("بعداً", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task The_content_type_of_an_answer_can_be_set()
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(200)
        {
            Headers = new Dictionary<string, string> { ["Content-Type"] = "text/html" },
            Body = "<p>",
        });
        using var answer = await emulator.PostAsync();

        Assert.Equal("text/html", answer.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData(204)]
    [InlineData(205)]
    [InlineData(304)]
    public async Task A_status_without_a_body_is_given_without_it(int status)
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(status) { Body = "text" });
        using var answer = await emulator.PostAsync();

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(599)]
    public async Task A_valid_event_that_is_not_answered_2xx_is_kept_as_rejected(int status)
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(status));
        using var answer = await emulator.PostAsync();
        var rejected = Assert.Single(emulator.Rejected);

        Assert.Empty(emulator.Events);
        Assert.Equal((status, $"Answer had it answered {status}", null), (rejected.Status, rejected.Reason, rejected.Field));
    }

    [Fact]
    public async Task A_valid_event_that_is_answered_2xx_is_kept_as_accepted()
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(202));
        using var answer = await emulator.PostAsync();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Single(emulator.Events);
    }

    [Fact]
    public async Task An_event_that_is_not_valid_stays_rejected_whatever_is_answered()
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(200));
        using var answer = await emulator.PostAsync("{}");
        var rejected = Assert.Single(emulator.Rejected);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(emulator.Events);
        Assert.Equal((200, "metrixUserId is missing"), (rejected.Status, rejected.Reason));
    }

    [Fact]
    public async Task It_is_asked_for_events_alone_and_once_for_each()
    {
        var asked = new ConcurrentQueue<EmulatorRequest>();
        await using var emulator = await StartAsync(request =>
        {
            asked.Enqueue(request);
            return null;
        });
        await emulator.AcceptsAsync();
        await emulator.PostAsync(app: "unknown").RefusalAsync(404);
        await emulator.TextAsync("api/events");
        using var elsewhere = await emulator.SendAsync(HttpMethod.Post, "elsewhere");
        using var otherMethod = await emulator.SendAsync(HttpMethod.Put, $"inappevent/{TestData.App}");

        Assert.Equal([TestData.App, "unknown"], asked.Select(request => request.AppId));
        Assert.Same(asked.First(), Assert.Single(emulator.Events).Request);
    }

    [Fact]
    public async Task What_it_throws_is_answered_500_and_kept()
    {
        await using var emulator = await StartAsync(_ => throw new FormatException($"odd {TestData.Key}"));
        var (error, _) = await emulator.PostAsync().RefusalAsync(500);

        Assert.Equal("Answer threw FormatException: odd [dev-key]", error);
        Assert.Equal(error, Assert.Single(emulator.Rejected).Reason);
        Assert.Empty(emulator.Events);
    }

    [Fact]
    public async Task A_delay_passes_before_the_answer_and_after_the_event_was_kept()
    {
        var delay = TimeSpan.FromMilliseconds(100);
        await using var emulator = await StartAsync(_ => new EmulatorResponse(200) { Delay = delay });
        var start = Stopwatch.GetTimestamp();
        var sending = emulator.PostAsync();
        await emulator.WaitForAsync(1, null, Cancel);
        using var answer = await sending;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        // A timer may be early by a tick of the system's clock.
        Assert.InRange(Stopwatch.GetElapsedTime(start), delay - TimeSpan.FromMilliseconds(20), TimeSpan.MaxValue);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(503)]
    public async Task Never_answering_holds_the_request_until_the_client_goes(int status)
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(status) { NeverAnswer = true });
        using var connection = await RawConnection.OpenAsync(emulator);
        await connection.SendAsync(RawConnection.Request(
            $"POST /inappevent/{TestData.App} HTTP/1.1",
            $"Authorization: {TestData.Key}\nContent-Type: application/json\n", TestData.Event()));
        await (status == 200 ? emulator.WaitForAsync(1, null, Cancel) : emulator.WaitForRejectedAsync(1, null, Cancel));
        var answer = connection.ReadStatusLineAsync();
        // A request on another connection is a whole round trip in which the first had time to be answered.
        await emulator.TextAsync("api/events");

        Assert.False(answer.IsCompleted);
    }

    [Fact]
    public async Task Closing_resets_the_connection_and_keeps_what_the_status_says()
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(200) { CloseConnection = true });

        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.PostAsync());
        Assert.Single(emulator.Events);
    }

    [Theory]
    [InlineData(199)]
    [InlineData(101)]
    [InlineData(600)]
    public void A_status_that_answers_nothing_is_refused(int status)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorResponse(status));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorResponse(200) with { StatusCode = status });
    }

    private static Task<MetrixEmulator> StartAsync(Func<EmulatorRequest, EmulatorResponse?> answer) =>
        MetrixEmulator.StartAsync(TestData.Options(answer), Cancel);
}
