using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class WaitTests
{
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_completes_at_once_when_its_condition_already_holds()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();

        Assert.True(emulator.WaitForAsync(0, TimeSpan.Zero, Cancel).IsCompletedSuccessfully);
        Assert.True(emulator.WaitForAsync(1, TimeSpan.Zero, Cancel).IsCompletedSuccessfully);
        Assert.True(emulator.WaitForAsync(events => events.Count == 1, TimeSpan.Zero, Cancel).IsCompletedSuccessfully);
        Assert.True(emulator.WaitForRejectedAsync(0, TimeSpan.Zero, Cancel).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Wait_completes_with_the_event_that_meets_its_condition()
    {
        await using var emulator = await StartAsync();
        var two = emulator.WaitForAsync(2, null, Cancel);
        var named = emulator.WaitForAsync(
            events => events.Any(received => received.EventSlug == "third"), null, Cancel);

        await emulator.SendAcceptedAsync(TestData.EventWithSlug("first"));
        Assert.False(two.IsCompleted);
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("second"));
        await two;
        Assert.False(named.IsCompleted);
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("third"));
        await named;
    }

    [Fact]
    public async Task Wait_for_a_rejection_completes_with_the_rejection()
    {
        await using var emulator = await StartAsync();
        var waiting = emulator.WaitForRejectedAsync(1, null, Cancel);
        await emulator.SendAcceptedAsync();
        Assert.False(waiting.IsCompleted);
        await emulator.PostAsync(key: null).ReadRejectionAsync(401);

        await waiting;
    }

    [Fact]
    public async Task Timeout_message_lists_accepted_events_and_reasons_of_rejections()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("taqsq"));
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("taqsq"));
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("other"));
        await emulator.PostAsync(TestData.Event(("eventSlug", null))).ReadRejectionAsync(400);
        await emulator.PostAsync(key: null).ReadRejectionAsync(401);
        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => emulator.WaitForAsync(5, ShortTimeout, Cancel));

        Assert.StartsWith(
            "Waited 0.001 s for 5 accepted events: 3 accepted (taqsq × 2, other), " +
            "2 rejected (400 eventSlug is missing; 401 the Authorization header is missing; send the app's dev-key).",
            timeout.Message);
    }

    [Fact]
    public async Task Every_kind_of_wait_can_time_out()
    {
        await using var emulator = await StartAsync();

        var condition = await Assert.ThrowsAsync<TimeoutException>(
            () => emulator.WaitForAsync(_ => false, ShortTimeout, Cancel));
        var rejections = await Assert.ThrowsAsync<TimeoutException>(
            () => emulator.WaitForRejectedAsync(1, ShortTimeout, Cancel));

        Assert.Equal("Waited 0.001 s for a condition: 0 accepted, 0 rejected.", condition.Message);
        Assert.Equal("Waited 0.001 s for 1 rejected requests: 0 accepted, 0 rejected.", rejections.Message);
    }

    [Fact]
    public async Task Timeout_message_is_truncated_when_much_arrived()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync(TestData.EventWithSlug(new string('s', 1_000)));
        for (var index = 0; index < 12; index++)
            await emulator.SendAcceptedAsync(TestData.EventWithSlug($"slug{index}"));
        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => emulator.WaitForAsync(99, ShortTimeout, Cancel));

        Assert.Contains("13 accepted (" + new string('s', 200) + "…, slug0", timeout.Message);
        Assert.Contains("slug8, and 3 more), 0 rejected.", timeout.Message);
    }

    [Fact]
    public async Task Timeout_message_shows_the_newest_events_with_masked_keys()
    {
        await using var emulator = await StartAsync();
        for (var index = 0; index < 4; index++)
            await emulator.SendAcceptedAsync(TestData.EventWithSlug($"slug{index}"));
        var masked = TestData.Event(("customAttributes", $$"""{"Key":"{{TestData.Key}}"}"""));
        await emulator.SendAcceptedAsync(masked);
        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => emulator.WaitForAsync(99, ShortTimeout, Cancel));

        Assert.Equal(
            [
                masked.Replace(TestData.Key, "[dev-key]", StringComparison.Ordinal),
                TestData.EventWithSlug("slug3"),
                TestData.EventWithSlug("slug2"),
            ],
            timeout.Message.Split(Environment.NewLine)[1..].Select(line => line.Trim()));
    }

    [Fact]
    public async Task Wait_can_be_canceled()
    {
        await using var emulator = await StartAsync();
        using var cancel = new CancellationTokenSource();
        var waiting = emulator.WaitForAsync(1, null, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Exception_of_a_condition_ends_the_wait()
    {
        await using var emulator = await StartAsync();

        await Assert.ThrowsAsync<FormatException>(
            () => emulator.WaitForAsync(_ => throw new FormatException(), null, Cancel));
    }

    [Fact]
    public async Task Clear_removes_requests_and_resets_the_counts()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        await emulator.PostAsync(key: null).ReadRejectionAsync(401);
        emulator.Clear();

        Assert.Empty(emulator.Events);
        Assert.Empty(emulator.Rejected);
        await Assert.ThrowsAsync<TimeoutException>(() => emulator.WaitForAsync(1, ShortTimeout, Cancel));
        await Assert.ThrowsAsync<TimeoutException>(() => emulator.WaitForRejectedAsync(1, ShortTimeout, Cancel));
        await emulator.SendAcceptedAsync();
        await emulator.WaitForAsync(1, ShortTimeout, Cancel);
    }

    [Fact]
    public async Task Stop_ends_every_wait_with_ObjectDisposedException()
    {
        await using var emulator = await StartAsync();
        var waiting = emulator.WaitForAsync(1, null, Cancel);
        await emulator.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => emulator.WaitForAsync(1, null, Cancel));
    }

    private static Task<MetrixEmulator> StartAsync() => MetrixEmulator.StartAsync(TestData.Options(), Cancel);
}
