using Metrix.Client.Tests.Support;
using Metrix.Client.Tracking;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Tracking;

public class ReporterTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _said = [];
    private readonly Reporter _reporter;

    public ReporterTests() => _reporter = new Reporter(_said.Add, _clock);

    [Fact]
    public void A_message_says_whose_it_is()
    {
        _reporter.Report("cause", () => "it broke");

        Assert.Equal(["Metrix: it broke"], _said);
    }

    [Fact]
    public void One_cause_is_said_once_a_minute()
    {
        for (var i = 0; i < 5; i++)
            _reporter.Report("cause", () => "it broke");
        _clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        _reporter.Report("cause", () => "it broke");
        Assert.Single(_said);

        _clock.Advance(TimeSpan.FromTicks(1));
        _reporter.Report("cause", () => "it broke again");
        Assert.Equal(["Metrix: it broke", "Metrix: it broke again (5 more like this since the last message.)"], _said);
    }

    [Fact]
    public void After_it_was_told_the_number_begins_anew()
    {
        for (var i = 0; i < 3; i++)
        {
            _reporter.Report("cause", () => "it broke");
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.All(_said, message => Assert.Equal("Metrix: it broke", message));
    }

    [Fact]
    public void Another_cause_is_said_at_once()
    {
        _reporter.Report("one", () => "one broke");
        _reporter.Report("two", () => "two broke");

        Assert.Equal(["Metrix: one broke", "Metrix: two broke"], _said);
    }

    [Fact]
    public void A_message_that_is_not_said_is_not_composed()
    {
        _reporter.Report("cause", () => "it broke");
        _reporter.Report("cause", () => throw new InvalidOperationException("composed"));
        new Reporter(null, _clock).Report("cause", () => throw new InvalidOperationException("composed"));

        Assert.Single(_said);
    }

    [Fact]
    public void At_the_end_what_was_not_told_is()
    {
        for (var i = 0; i < 3; i++)
            _reporter.Report("one", () => "one broke");
        _reporter.Report("two", () => "two broke");
        _reporter.Close();

        Assert.Equal(
            ["Metrix: one broke", "Metrix: two broke", "Metrix: one broke (2 more like this since the last message.)"], _said);
    }

    [Fact]
    public void A_writer_that_throws_harms_nothing()
    {
        var calls = 0;
        var reporter = new Reporter(_ =>
        {
            calls++;
            throw new IOException("the host's channel is broken");
        }, _clock);
        reporter.Report("one", () => "one broke");
        reporter.Report("one", () => "one broke");
        reporter.Report("two", () => "two broke");
        reporter.Close();

        Assert.Equal(3, calls);
    }

    [Fact]
    public void Braces_and_percent_signs_stand_as_they_are()
    {
        _reporter.Report("cause", () => "{0} {Name} }{ %s");

        Assert.Equal(["Metrix: {0} {Name} }{ %s"], _said);
    }

    [Fact]
    public void Setting_the_wall_clock_back_silences_nothing()
    {
        var clock = new Support.WallClock();
        var reporter = new Reporter(_said.Add, clock);
        reporter.Report("cause", () => "it broke");
        clock.Shift = TimeSpan.FromDays(-1);
        clock.Advance(TimeSpan.FromMinutes(1));
        reporter.Report("cause", () => "it broke");

        Assert.Equal(2, _said.Count);
    }

    [Fact]
    public void Under_many_threads_one_of_them_says_it()
    {
        Parallel.For(0, 1_000, _ => _reporter.Report("cause", () => "it broke"));
        _reporter.Close();

        Assert.Equal(["Metrix: it broke", "Metrix: it broke (999 more like this since the last message.)"], _said);
    }
}
