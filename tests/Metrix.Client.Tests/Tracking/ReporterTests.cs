using Metrix.Client.Tests.Support;
using Metrix.Client.Tracking;
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
}
