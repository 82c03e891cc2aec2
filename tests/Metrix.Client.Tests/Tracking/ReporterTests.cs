using Metrix.Client.Tests.Support;
using Metrix.Client.Tracking;
using Metrix.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Tracking;

public class ReporterTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _messages = [];
    private readonly Reporter _reporter;

    public ReporterTests() => _reporter = new Reporter(_messages.Add, _clock);

    [Fact]
    public void A_message_starts_with_the_name_of_the_library()
    {
        _reporter.Report("cause", () => "it broke");

        Assert.Equal(["Metrix: it broke"], _messages);
    }

    [Fact]
    public void A_cause_is_reported_at_most_once_a_minute()
    {
        for (var i = 0; i < 5; i++)
            _reporter.Report("cause", () => "it broke");
        _clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        _reporter.Report("cause", () => "it broke");
        Assert.Single(_messages);

        _clock.Advance(TimeSpan.FromTicks(1));
        _reporter.Report("cause", () => "it broke again");
        Assert.Equal(
            ["Metrix: it broke", "Metrix: it broke again (5 more like this since the last message.)"], _messages);
    }

    [Fact]
    public void The_number_of_suppressed_messages_restarts_after_a_report()
    {
        for (var i = 0; i < 3; i++)
        {
            _reporter.Report("cause", () => "it broke");
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.All(_messages, message => Assert.Equal("Metrix: it broke", message));
    }

    [Fact]
    public void Another_cause_is_reported_immediately()
    {
        _reporter.Report("one", () => "one broke");
        _reporter.Report("two", () => "two broke");

        Assert.Equal(["Metrix: one broke", "Metrix: two broke"], _messages);
    }

    [Fact]
    public void A_suppressed_message_is_not_composed()
    {
        _reporter.Report("cause", () => "it broke");
        _reporter.Report("cause", () => throw new InvalidOperationException("composed"));
        new Reporter(null, _clock).Report("cause", () => throw new InvalidOperationException("composed"));

        Assert.Single(_messages);
    }

    [Fact]
    public void Close_reports_the_suppressed_messages()
    {
        for (var i = 0; i < 3; i++)
            _reporter.Report("one", () => "one broke");
        _reporter.Report("two", () => "two broke");
        _reporter.Close();

        Assert.Equal(
            ["Metrix: one broke", "Metrix: two broke", "Metrix: one broke (2 more like this since the last message.)"],
            _messages);
    }

    [Fact]
    public void An_exception_of_the_callback_is_ignored()
    {
        var calls = 0;
        var reporter = new Reporter(_ =>
        {
            calls++;
            throw new IOException("the callback failed");
        }, _clock);
        reporter.Report("one", () => "one broke");
        reporter.Report("one", () => "one broke");
        reporter.Report("two", () => "two broke");
        reporter.Close();

        Assert.Equal(3, calls);
    }

    [Fact]
    public void Braces_and_percent_signs_are_not_interpreted()
    {
        _reporter.Report("cause", () => "{0} {Name} }{ %s");

        Assert.Equal(["Metrix: {0} {Name} }{ %s"], _messages);
    }

    [Fact]
    public void Setting_the_wall_clock_back_does_not_suppress_messages()
    {
        var clock = new ShiftableClock();
        var reporter = new Reporter(_messages.Add, clock);
        reporter.Report("cause", () => "it broke");
        clock.Shift = TimeSpan.FromDays(-1);
        clock.Advance(TimeSpan.FromMinutes(1));
        reporter.Report("cause", () => "it broke");

        Assert.Equal(2, _messages.Count);
    }

    [Fact]
    public void Only_one_of_many_threads_reports_a_cause()
    {
        Parallel.For(0, 1_000, _ => _reporter.Report("cause", () => "it broke"));
        _reporter.Close();

        Assert.Equal(["Metrix: it broke", "Metrix: it broke (999 more like this since the last message.)"], _messages);
    }

    [Fact]
    public void Trouble_that_was_written_is_written_as_over_once()
    {
        _reporter.ReportTrouble("disk", "full", () => "the disk is full");
        _reporter.ReportOver("disk", () => "the disk works");
        _reporter.ReportOver("disk", () => "the disk works");

        Assert.Equal(["Metrix: the disk is full", "Metrix: the disk works"], _messages);
    }

    [Fact]
    public void Trouble_that_was_not_written_is_not_written_as_over()
    {
        _reporter.ReportOver("disk", () => "the disk works");
        _reporter.ReportTrouble("disk", "full", () => "the disk is full");
        _reporter.ReportOver("net", () => "the net works");
        _reporter.ReportOver("disk", () => "the disk works");

        Assert.Equal(["Metrix: the disk is full", "Metrix: the disk works"], _messages);
    }

    [Fact]
    public void Trouble_that_begins_again_is_written_at_once_up_to_three_times_a_minute()
    {
        for (var i = 0; i < 10; i++)
        {
            _reporter.ReportTrouble("disk", "full", () => "the disk is full");
            _reporter.ReportOver("disk", () => "the disk works");
        }

        Assert.Equal(8, _messages.Count);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _reporter.ReportTrouble("disk", "full", () => "the disk is full");
        Assert.StartsWith("Metrix: the disk is full", _messages[8]);
    }

    [Fact]
    public void A_queued_message_is_written_later()
    {
        _reporter.ReportTrouble("disk", "full", () => "the disk is full");
        _reporter.QueueOver("disk", () => "the disk works");
        Assert.Single(_messages);

        _reporter.WriteQueued();
        _reporter.WriteQueued();
        Assert.Equal(["Metrix: the disk is full", "Metrix: the disk works"], _messages);
    }

    [Fact]
    public void Close_writes_a_queued_message()
    {
        _reporter.ReportTrouble("disk", "full", () => "the disk is full");
        _reporter.QueueOver("disk", () => "the disk works");
        _reporter.Close();

        Assert.Equal(["Metrix: the disk is full", "Metrix: the disk works"], _messages);
    }

    [Fact]
    public void Trouble_with_another_cause_is_written_at_once_and_over_with_the_first_one()
    {
        _reporter.ReportTrouble("disk", "full", () => "the disk is full");
        _reporter.ReportTrouble("disk", "locked", () => "the disk is locked");
        _reporter.ReportOver("disk", () => "the disk works");
        _reporter.ReportOver("disk", () => "the disk works");

        Assert.Equal(3, _messages.Count);
    }

    [Fact]
    public void Close_does_not_repeat_trouble()
    {
        for (var i = 0; i < 3; i++)
            _reporter.ReportTrouble("disk", "full", () => "the disk is full");
        _reporter.Close();

        Assert.Equal(["Metrix: the disk is full"], _messages);
    }

    [Fact]
    public async Task A_callback_that_blocks_blocks_no_other_thread_and_the_order_is_kept()
    {
        using var isBlocked = new ManualResetEventSlim();
        using var isReleased = new ManualResetEventSlim();
        List<string> messages = [];
        var reporter = new Reporter(message =>
        {
            isBlocked.Set();
            isReleased.Wait(Eventually.Limit);
            messages.Add(message);
        }, _clock);
        var blocked = Task.Run(() => reporter.Report("one", () => "one"));
        Assert.True(isBlocked.Wait(Eventually.Limit));
        reporter.Report("two", () => "two");
        reporter.Close();
        reporter.Report("three", () => "three");
        Assert.Empty(messages);

        isReleased.Set();
        await blocked;
        Assert.Equal(["Metrix: one", "Metrix: two", "Metrix: three"], messages);
    }

    [Fact]
    public void A_callback_can_report()
    {
        Reporter? reporter = null;
        reporter = new Reporter(message =>
        {
            _messages.Add(message);
            reporter!.Report("two", () => "two");
        }, _clock);
        reporter.Report("one", () => "one");

        Assert.Equal(["Metrix: one", "Metrix: two"], _messages);
    }
}
