using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class AnswerDelegateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Delegate_that_returns_null_keeps_the_emulators_own_answer()
    {
        await using var emulator = await StartAsync(_ => null);

        await emulator.SendAcceptedAsync();
        await emulator.PostAsync(key: null).ReadRejectionAsync(401);
    }

    [Fact]
    public async Task Answer_of_the_delegate_replaces_the_emulators_own_answer()
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
    public async Task Answer_can_set_its_content_type()
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
    public async Task Body_is_omitted_with_a_status_that_cannot_have_one(int status)
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
    public async Task Valid_event_is_kept_as_rejected_when_the_answer_is_not_2xx(int status)
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(status));
        using var answer = await emulator.PostAsync();
        var rejected = Assert.Single(emulator.Rejected);

        Assert.Empty(emulator.Events);
        Assert.Equal((status, $"Answer returned {status}", null), (rejected.Status, rejected.Reason, rejected.Field));
    }

    [Fact]
    public async Task Valid_event_is_kept_as_accepted_when_the_answer_is_2xx()
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(202));
        using var answer = await emulator.PostAsync();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Single(emulator.Events);
    }

    [Fact]
    public async Task Invalid_event_is_kept_as_rejected_even_when_the_answer_is_2xx()
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(200));
        using var answer = await emulator.PostAsync("{}");
        var rejected = Assert.Single(emulator.Rejected);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(emulator.Events);
        Assert.Equal((200, "metrixUserId is missing"), (rejected.Status, rejected.Reason));
    }

    [Fact]
    public async Task Delegate_is_called_once_per_event_and_for_nothing_else()
    {
        var asked = new ConcurrentQueue<EmulatorRequest>();
        await using var emulator = await StartAsync(request =>
        {
            asked.Enqueue(request);
            return null;
        });
        await emulator.SendAcceptedAsync();
        await emulator.PostAsync(app: "unknown").ReadRejectionAsync(404);
        await emulator.TextAsync("api/events");
        using var elsewhere = await emulator.SendAsync(HttpMethod.Post, "elsewhere");
        using var otherMethod = await emulator.SendAsync(HttpMethod.Put, $"inappevent/{TestData.App}");

        Assert.Equal([TestData.App, "unknown"], asked.Select(request => request.AppId));
        Assert.Same(asked.First(), Assert.Single(emulator.Events).Request);
    }

    [Fact]
    public async Task Exception_of_the_delegate_is_answered_500_and_kept()
    {
        await using var emulator = await StartAsync(_ => throw new FormatException($"odd {TestData.Key}"));
        var (error, _) = await emulator.PostAsync().ReadRejectionAsync(500);

        Assert.Equal("Answer threw FormatException: odd [dev-key]", error);
        Assert.Equal(error, Assert.Single(emulator.Rejected).Reason);
        Assert.Empty(emulator.Events);
    }

    [Fact]
    public async Task Event_is_stored_before_a_delay_and_answered_after_it()
    {
        var delay = TimeSpan.FromMilliseconds(100);
        await using var emulator = await StartAsync(_ => new EmulatorResponse(200) { Delay = delay });
        var start = Stopwatch.GetTimestamp();
        var sending = emulator.PostAsync();
        await emulator.WaitForAsync(1, null, Cancel);
        using var answer = await sending;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        // A timer may fire early by a tick of the system clock.
        Assert.InRange(Stopwatch.GetElapsedTime(start), delay - TimeSpan.FromMilliseconds(20), TimeSpan.MaxValue);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(503)]
    public async Task NeverAnswer_holds_the_request_until_the_client_disconnects(int status)
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(status) { NeverAnswer = true });
        using var connection = await RawConnection.OpenAsync(emulator);
        await connection.SendAsync(RawConnection.Request(
            $"POST /inappevent/{TestData.App} HTTP/1.1",
            $"Authorization: {TestData.Key}\nContent-Type: application/json\n", TestData.Event()));
        await (status == 200 ? emulator.WaitForAsync(1, null, Cancel) : emulator.WaitForRejectedAsync(1, null, Cancel));
        var answer = connection.ReadStatusLineAsync();
        // A round trip on another connection gives the first request time to be answered.
        await emulator.TextAsync("api/events");

        Assert.False(answer.IsCompleted);
    }

    [Fact]
    public async Task CloseConnection_resets_the_connection_and_keeps_the_event_by_status()
    {
        await using var emulator = await StartAsync(_ => new EmulatorResponse(200) { CloseConnection = true });

        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.PostAsync());
        Assert.Single(emulator.Events);
    }

    [Theory]
    [InlineData(199)]
    [InlineData(101)]
    [InlineData(600)]
    public void Status_outside_200_to_599_is_not_allowed(int status)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorResponse(status));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorResponse(200) with { StatusCode = status });
    }

    private static Task<MetrixEmulator> StartAsync(Func<EmulatorRequest, EmulatorResponse?> answer) =>
        MetrixEmulator.StartAsync(TestData.Options(answer), Cancel);
}
