using Metrix.Client;
using Metrix.Client.Rules;
using Serilog.Events;
using Serilog.Sinks.Metrix.Records;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Records;

/// <summary>Tests which log events are recognized as Metrix events.</summary>
public class RecognitionTests
{
    private readonly LogEventRecognizer _recognizer = new(new SlugMap(
        new Dictionary<string, MetrixEventRule> { ["Purchase"] = "taqsq", ["Refund"] = "qzrtw" }));

    [Theory]
    [InlineData("metrix.slug")]
    [InlineData("MetrixSlug")]
    public void A_slug_property_makes_an_event(string name) =>
        Assert.Equal("abcde", SlugOf(TestData.Event("Paid", (name, "abcde"))));

    [Theory]
    [InlineData("Purchase")]
    [InlineData("purchase")]
    public void A_name_in_a_slug_property_is_purchaseEvent_to_its_slug(string name) =>
        Assert.Equal("taqsq", SlugOf(TestData.Event("Paid", ("metrix.slug", name))));

    [Fact]
    public void A_null_slug_property_does_not_make_an_event() =>
        Assert.Null(SlugOf(TestData.Event("Paid", ("metrix.slug", null))));

    [Fact]
    public void An_empty_slug_property_makes_an_event_with_an_empty_slug() =>
        Assert.Equal("", SlugOf(TestData.Event("Paid", ("metrix.slug", " "))));

    [Theory]
    [InlineData("<@Purchase>", "taqsq")]
    [InlineData("Paid <@Purchase> for {Amount}", "taqsq")]
    [InlineData("{Amount}<@purchase>", "taqsq")]
    [InlineData("<@abcde>", "abcde")]
    [InlineData("<@ <@x y> <@Purchase>", "taqsq")]
    [InlineData("<@Refund> and <@Purchase>", "qzrtw")]
    public void A_marker_in_the_template_makes_an_event(string template, string slug) =>
        Assert.Equal(slug, SlugOf(TestData.Event(template, ("Amount", 1))));

    [Theory]
    [InlineData("<@Purchase>")]
    [InlineData("<@abcde> of nothing")]
    public void A_marker_without_properties_makes_an_event(string template) =>
        Assert.NotNull(SlugOf(TestData.Event(template)));

    [Theory]
    [InlineData("<Purchase>")]
    [InlineData("<@>")]
    [InlineData("<@Purchase")]
    [InlineData("@Purchase>")]
    [InlineData("< @Purchase>")]
    [InlineData("<@Pur chase>")]
    public void A_malformed_marker_does_not_make_an_event(string template)
    {
        Assert.Null(SlugOf(TestData.Event(template)));
        Assert.Null(SlugOf(TestData.Event(template, ("Amount", 1))));
    }

    [Fact]
    public void A_marker_in_a_property_value_does_not_make_an_event() =>
        Assert.Null(SlugOf(TestData.Event("Comment: {Comment}", ("Comment", "<@Purchase>"))));

    [Fact]
    public void A_captured_object_makes_an_event_when_the_map_has_its_name()
    {
        Assert.Equal("taqsq", SlugOf(TestData.Event("{@Purchase}", ("Purchase", TestData.Structure(("Amount", 1))))));
        Assert.Null(SlugOf(TestData.Event("{@Order}", ("Order", TestData.Structure(("Amount", 1))))));
    }

    [Fact]
    public void The_first_captured_object_in_the_template_determines_the_slug() => Assert.Equal(
        "qzrtw",
        SlugOf(TestData.Event(
            "{@Refund} {@Purchase}", ("Purchase", TestData.Structure()), ("Refund", TestData.Structure()))));

    [Fact]
    public void A_capture_without_the_at_sign_makes_an_event_only_for_an_object()
    {
        Assert.Equal("taqsq", SlugOf(TestData.Event("{Purchase}", ("Purchase", TestData.Structure()))));
        Assert.Null(SlugOf(TestData.Event("{Purchase}", ("Purchase", "12345"))));
    }

    [Fact]
    public void A_captured_dictionary_makes_an_event() => Assert.Equal(
        "taqsq",
        SlugOf(TestData.Event("{@Purchase}", ("Purchase", new DictionaryValue(
            [new(new ScalarValue("Amount"), new ScalarValue(1))])))));

    [Fact]
    public void A_captured_null_does_not_make_an_event() =>
        Assert.Null(SlugOf(TestData.Event("{@Purchase}", ("Purchase", null))));

    [Fact]
    public void A_stringified_capture_does_not_make_an_event() =>
        Assert.Null(SlugOf(TestData.Event("{$Purchase}", ("Purchase", "a purchase"))));

    [Fact]
    public void An_object_outside_of_the_template_does_not_make_an_event() =>
        Assert.Null(SlugOf(TestData.Event("Paid", ("Purchase", TestData.Structure()))));

    [Fact]
    public void A_slug_property_overrides_a_marker_and_a_marker_overrides_a_capture()
    {
        var purchase = ("Purchase", (object?)TestData.Structure());
        Assert.Equal("abcde", SlugOf(TestData.Event("<@Refund> {@Purchase}", purchase, ("metrix.slug", "abcde"))));
        Assert.Equal("qzrtw", SlugOf(TestData.Event("<@Refund> {@Purchase}", purchase)));
    }

    [Fact]
    public void A_template_gives_the_same_result_each_time()
    {
        var purchaseEvent = TestData.Event("{@Purchase}", ("Purchase", TestData.Structure()));
        var ordinaryEvent = TestData.Event("{Ordinary}", ("Ordinary", 1));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("taqsq", SlugOf(purchaseEvent));
            Assert.Null(SlugOf(ordinaryEvent));
        }
    }

    [Fact]
    public void More_templates_than_the_cache_holds_are_recognized_correctly()
    {
        var events = Enumerable.Range(0, 5_000)
            .Select(i => TestData.Event(i % 2 == 0 ? $"<@Purchase> {i}" : $"Ordinary {i}", ("I", i)))
            .ToArray();
        foreach (var round in Enumerable.Range(0, 2))
        {
            for (var i = 0; i < events.Length; i++)
                Assert.Equal(i % 2 == 0 ? "taqsq" : null, SlugOf(events[i]));
        }
    }

    [Fact]
    public void An_ordinary_log_event_allocates_nothing()
    {
        LogEvent[] ordinary =
        [
            TestData.Event("Nothing"), TestData.Event("{A} and {B}", ("A", 1), ("B", "b")),
            TestData.Event("{@Order}", ("Order", TestData.Structure(("A", 1)))),
        ];
        foreach (var logEvent in ordinary)
            Assert.Null(SlugOf(logEvent));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            foreach (var logEvent in ordinary)
                _recognizer.TryRecognize(logEvent, out _);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private string? SlugOf(LogEvent logEvent) =>
        _recognizer.TryRecognize(logEvent, out var match) ? match.Slug : null;
}
