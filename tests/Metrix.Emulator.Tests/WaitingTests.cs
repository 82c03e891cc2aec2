using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class WaitingTests
{
    private static readonly TimeSpan NoTime = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_there_already_is_not_waited_for()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync();

        Assert.True(emulator.WaitForAsync(0, TimeSpan.Zero, Cancel).IsCompletedSuccessfully);
        Assert.True(emulator.WaitForAsync(1, TimeSpan.Zero, Cancel).IsCompletedSuccessfully);
        Assert.True(emulator.WaitForAsync(events => events.Count == 1, TimeSpan.Zero, Cancel).IsCompletedSuccessfully);
        Assert.True(emulator.WaitForRejectedAsync(0, TimeSpan.Zero, Cancel).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Waiting_ends_with_the_event_that_was_waited_for()
    {
        await using var emulator = await StartAsync();
        var two = emulator.WaitForAsync(2, null, Cancel);
        var named = emulator.WaitForAsync(
            events => events.Any(received => received.EventSlug == "third"), null, Cancel);

        await emulator.AcceptsAsync(TestData.EventNamed("first"));
        Assert.False(two.IsCompleted);
        await emulator.AcceptsAsync(TestData.EventNamed("second"));
        await two;
        Assert.False(named.IsCompleted);
        await emulator.AcceptsAsync(TestData.EventNamed("third"));
        await named;
    }

    [Fact]
    public async Task Waiting_for_a_rejection_ends_with_it()
    {
        await using var emulator = await StartAsync();
        var waiting = emulator.WaitForRejectedAsync(1, null, Cancel);
        await emulator.AcceptsAsync();
        Assert.False(waiting.IsCompleted);
        await emulator.PostAsync(key: null).RefusalAsync(401);

        await waiting;
    }

    [Fact]
    public async Task A_wait_that_runs_out_says_what_came_and_what_was_rejected()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync(TestData.EventNamed("taqsq"));
        await emulator.AcceptsAsync(TestData.EventNamed("taqsq"));
        await emulator.AcceptsAsync(TestData.EventNamed("other"));
        await emulator.PostAsync(TestData.Event(("eventSlug", null))).RefusalAsync(400);
        await emulator.PostAsync(key: null).RefusalAsync(401);
        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => emulator.WaitForAsync(5, NoTime, Cancel));

        Assert.StartsWith(
            "Waited 0.001 s for 5 accepted events: 3 accepted (taqsq × 2, other), " +
            "2 rejected (400 eventSlug is missing; 401 the Authorization header is missing: it is the app's dev-key).",
            timeout.Message);
    }

    [Fact]
    public async Task Every_kind_of_wait_can_run_out()
    {
        await using var emulator = await StartAsync();

        var condition = await Assert.ThrowsAsync<TimeoutException>(
            () => emulator.WaitForAsync(_ => false, NoTime, Cancel));
        var rejections = await Assert.ThrowsAsync<TimeoutException>(
            () => emulator.WaitForRejectedAsync(1, NoTime, Cancel));

        Assert.Equal("Waited 0.001 s for a condition: 0 accepted, 0 rejected.", condition.Message);
        Assert.Equal("Waited 0.001 s for 1 rejected requests: 0 accepted, 0 rejected.", rejections.Message);
    }

    [Fact]
    public async Task A_wait_that_runs_out_is_brief_about_much()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync(TestData.EventNamed(new string('s', 1_000)));
        for (var index = 0; index < 12; index++) await emulator.AcceptsAsync(TestData.EventNamed($"slug{index}"));
        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => emulator.WaitForAsync(99, NoTime, Cancel));

        Assert.Contains("13 accepted (" + new string('s', 200) + "…, slug0", timeout.Message);
        Assert.Contains("slug8, and 3 more), 0 rejected.", timeout.Message);
    }

    [Fact]
    public async Task A_wait_that_runs_out_shows_the_newest_events_without_their_keys()
    {
        await using var emulator = await StartAsync();
        for (var index = 0; index < 4; index++) await emulator.AcceptsAsync(TestData.EventNamed($"slug{index}"));
        var masked = TestData.Event(("customAttributes", $$"""{"Key":"{{TestData.Key}}"}"""));
        await emulator.AcceptsAsync(masked);
        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => emulator.WaitForAsync(99, NoTime, Cancel));

        Assert.Equal(
            [masked.Replace(TestData.Key, "[dev-key]", StringComparison.Ordinal), TestData.EventNamed("slug3"), TestData.EventNamed("slug2")],
            timeout.Message.Split(Environment.NewLine)[1..].Select(line => line.Trim()));
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        await using var emulator = await StartAsync();
        using var cancel = new CancellationTokenSource();
        var waiting = emulator.WaitForAsync(1, null, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task What_a_condition_throws_ends_the_wait()
    {
        await using var emulator = await StartAsync();

        await Assert.ThrowsAsync<FormatException>(
            () => emulator.WaitForAsync(_ => throw new FormatException(), null, Cancel));
    }

    [Fact]
    public async Task Clearing_forgets_what_came_and_the_counts()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync();
        await emulator.PostAsync(key: null).RefusalAsync(401);
        emulator.Clear();

        Assert.Empty(emulator.Events);
        Assert.Empty(emulator.Rejected);
        await Assert.ThrowsAsync<TimeoutException>(() => emulator.WaitForAsync(1, NoTime, Cancel));
        await Assert.ThrowsAsync<TimeoutException>(() => emulator.WaitForRejectedAsync(1, NoTime, Cancel));
        await emulator.AcceptsAsync();
        await emulator.WaitForAsync(1, NoTime, Cancel);
    }

    [Fact]
    public async Task Stopping_ends_every_wait()
    {
        await using var emulator = await StartAsync();
        var waiting = emulator.WaitForAsync(1, null, Cancel);
        await emulator.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => emulator.WaitForAsync(1, null, Cancel));
    }

    private static Task<MetrixEmulator> StartAsync() => MetrixEmulator.StartAsync(TestData.Options(), Cancel);
}
