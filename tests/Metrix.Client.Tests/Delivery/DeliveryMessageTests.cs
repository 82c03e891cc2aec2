using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

/// <summary>Tests that the messages say what is true: what fails, and once, that it is over.</summary>
public class DeliveryMessageTests
{
    private static HttpRequestException Unreachable => new(HttpRequestError.ConnectionError, "unreachable");

    [Fact]
    public async Task A_pause_that_is_over_is_reported_as_over()
    {
        await using var fixture = new ManualFixture();
        (await fixture.SendAndTakeAsync("a")).Throw(Unreachable);
        await fixture.WaitForMessageAsync("is paused");
        (await fixture.AdvanceToRequestAsync()).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 1);
        await fixture.CloseAsync();

        Assert.Collection(
            fixture.Messages,
            message => Assert.Contains("is paused: no connection to http://127.0.0.1:9", message),
            message => Assert.Contains("has resumed after", message));
    }

    [Fact]
    public async Task The_last_message_is_true_when_delivery_pauses_again_and_again()
    {
        await using var fixture = new ManualFixture();
        foreach (var exception in new[] { Unreachable, new(HttpRequestError.NameResolutionError, "dns"), Unreachable })
        {
            var (delivered, written) = (fixture.Meter.Delivered, fixture.Messages.Count);
            (await fixture.SendAndTakeAsync("a")).Throw(exception);
            await Eventually.TrueAsync(() => fixture.Messages.Count > written);
            Assert.Contains("is paused", fixture.Messages[^1]);
            (await fixture.AdvanceToRequestAsync()).Answer(200);
            await Eventually.TrueAsync(() => fixture.Meter.Delivered == delivered + 1);
            await Eventually.TrueAsync(() => fixture.Messages.Count == written + 2);
            Assert.Contains("has resumed", fixture.Messages[^1]);
        }

        await fixture.CloseAsync();
        Assert.Equal(6, fixture.Messages.Count);
    }

    [Fact]
    public async Task Closing_repeats_no_message_about_trouble_that_is_over()
    {
        await using var fixture = new ManualFixture();
        (await fixture.SendAndTakeAsync("a")).Throw(Unreachable);
        for (var i = 0; i < 5; i++)
            (await fixture.AdvanceToRequestAsync()).Throw(Unreachable);
        (await fixture.AdvanceToRequestAsync()).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 1);
        var messages = fixture.Messages;
        await fixture.CloseAsync();

        Assert.Contains("has resumed", messages[^1]);
        Assert.Equal(messages, fixture.Messages);
    }

    [Fact]
    public async Task Failures_are_reported_as_over_when_no_event_has_to_be_retried_any_more()
    {
        await using var fixture = new ManualFixture();
        var first = await fixture.SendAndTakeAsync("a");
        var second = await fixture.SendAndTakeAsync("b");
        first.Answer(503);
        second.Answer(503);
        await Eventually.TrueAsync(() => fixture.Meter.Retries("503") == 2);
        (await fixture.AdvanceToRequestAsync()).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 1);
        Assert.Contains("did not accept an event", Assert.Single(fixture.Messages));

        (await fixture.AdvanceToRequestAsync()).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 2);
        await fixture.CloseAsync();
        Assert.Equal(2, fixture.Messages.Count);
        Assert.Contains("no event of the app", fixture.Messages[1]);
    }

    [Fact]
    public async Task An_outage_that_was_not_reported_is_not_reported_as_over()
    {
        await using var fixture = new ManualFixture();
        await fixture.DeliverAsync("a");
        await fixture.CloseAsync();

        Assert.Empty(fixture.Messages);
    }

    [Theory]
    [InlineData(1, "1 event waits")]
    [InlineData(2, "2 events wait")]
    public async Task A_message_says_how_many_events_wait_in_correct_English(int count, string expected)
    {
        await using var fixture = new ManualFixture(o => o.MaxInFlight = 1);
        var first = await fixture.SendAndTakeAsync("a");
        fixture.Send(Enumerable.Repeat("a", count - 1).ToArray());
        first.Throw(Unreachable);
        await fixture.WaitForMessageAsync("is paused");

        Assert.Contains(expected, fixture.Messages[0]);
        (await fixture.AdvanceToRequestAsync()).Answer(200);
        for (var i = 1; i < count; i++)
            (await fixture.Handler.NextAsync()).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == count);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(407)]
    [InlineData(503)]
    public async Task A_message_has_no_period_after_a_question_mark(int status)
    {
        await using var fixture = new ManualFixture();
        (await fixture.SendAndTakeAsync("a")).Answer(status);
        await Eventually.TrueAsync(() => fixture.Messages.Count > 0);

        Assert.DoesNotContain("?.", fixture.Messages[0]);
        (await fixture.AdvanceToRequestAsync()).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 1);
    }
}
