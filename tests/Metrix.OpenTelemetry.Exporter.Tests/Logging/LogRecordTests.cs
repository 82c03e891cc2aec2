using System.Diagnostics;
using Metrix.Client;
using Metrix.Client.Rules;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Records;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Tests.Logging;

public partial class LogRecordTests
{
    [Fact]
    public async Task An_attribute_makes_an_event()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
            telemetry.Log.LogInformation("{metrix.slug}: paid {Amount} {Currency}", "abcde", 130.5, "IRR");

        var paid = await telemetry.SingleAsync();
        Assert.Equal(("abcde", 130.5, "IRR"), (paid.EventSlug, paid.CustomMetrics["Amount"], paid.CustomAttributes["Currency"]));
        Assert.Single(paid.CustomAttributes);
    }

    [Fact]
    public async Task A_scope_makes_an_event_and_the_innermost_counts()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
        using (telemetry.Log.BeginScope("{metrix.slug} in {Shop}", "abcde", "Tehran"))
        using (telemetry.Log.BeginScope(new List<KeyValuePair<string, object?>> { new("MetrixSlug", "fghij"), new("Shop", "Shiraz") }))
        using (telemetry.Log.BeginScope("a scope without names"))
            telemetry.Log.LogInformation("paid {Amount}", 1);

        var paid = await telemetry.SingleAsync();
        Assert.Equal(("fghij", "Shiraz"), (paid.EventSlug, paid.CustomAttributes["Shop"]));
        Assert.Equal(["Shop"], paid.CustomAttributes.Keys);
    }

    [Fact]
    public async Task Scopes_are_not_there_unless_the_host_includes_them()
    {
        await using var telemetry = await Telemetry.LogAsync(logging: options => options.IncludeScopes = false);
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
            telemetry.Log.LogInformation("<@Purchase>");

        Assert.Empty(await telemetry.CloseAsync());
        Assert.Equal(1, telemetry.Books.Completed("invalid", "user_id_missing"));
    }

    [Theory]
    [InlineData("<@Purchase> of {Amount}", "taqsq")]
    [InlineData("paid {Amount} <@abcde>", "abcde")]
    public async Task A_marker_in_the_template_makes_an_event(string template, string slug)
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
        {
            telemetry.Log.Log(LogLevel.Information, 0, template, 5);
            telemetry.Log.LogInformation("Comment: {Comment}", "<@Purchase>");
        }

        Assert.Equal(slug, (await telemetry.SingleAsync()).EventSlug);
    }

    [Fact]
    public async Task A_captured_object_makes_an_event_when_the_map_has_its_name()
    {
        await using var telemetry = await Telemetry.LogAsync(o => o.Attributes.Add("OrderId"));
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
        {
            var address = new { City = "تهران", Lines = new[] { "1", "2" } };
            telemetry.Log.LogInformation(
                "{@Purchase}",
                new { OrderId = 12345, Amount = 130.5m, Address = address, Coupon = (string?)null, Items = new[] { new { Sku = "A" } } });
            telemetry.Log.LogInformation("{@Order}", new { OrderId = 1 });
            telemetry.Log.LogInformation("{Purchase}", new { OrderId = 2 });
        }

        var paid = await telemetry.SingleAsync();
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["OrderId"] = "12345",
                ["Address.City"] = "تهران",
                ["Address.Lines"] = """["1","2"]""",
                ["Items"] = """[{"Sku":"A"}]""",
            },
            paid.CustomAttributes.ToDictionary());
        Assert.Equal(130.5, paid.CustomMetrics["Amount"]);
    }

    [Fact]
    public async Task A_dictionary_under_a_name_of_the_map_makes_an_event()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
        {
            telemetry.Log.LogInformation(
                "{Purchase} {@Extra}", new Dictionary<string, object> { ["Amount"] = 5 }, new { Gift = true });
        }

        var paid = await telemetry.SingleAsync();
        Assert.Equal((5, "true"), (paid.CustomMetrics["Amount"], paid.CustomAttributes["Extra.Gift"]));
    }

    [Fact]
    public async Task An_event_name_of_the_map_makes_an_event()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
        {
            telemetry.Log.LogInformation(new EventId(7, "Purchase"), "paid {Amount}", 1);
            Paid(telemetry.Log, 2);
            telemetry.Log.LogInformation(new EventId(7, "Browse"), "paid {Amount}", 3);
        }

        Assert.Equal([1, 2], (await telemetry.CloseAsync()).Select(e => (int)e.CustomMetrics["Amount"]).Order());
    }

    [Fact]
    public async Task Its_time_is_the_records()
    {
        await using var telemetry = await Telemetry.LogAsync();
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
            telemetry.Log.LogInformation("<@Purchase>");
        var after = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        Assert.InRange(long.Parse((await telemetry.SingleAsync()).EventTime!), before, after);
    }

    [Fact]
    public async Task Who_it_belongs_to_is_found_on_the_activity_at_hand_and_in_the_context()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using var context = MetrixContext.BeginScope(new MetrixIdentity { MetrixSessionId = "context" });
        using var request = new Activity("request").SetTag("metrix.user_id", "request").Start();
        using (new Activity("checkout").SetTag("metrix.idfa", TestData.Idfa).Start())
            telemetry.Log.LogInformation("<@Purchase>");

        var paid = await telemetry.SingleAsync();
        Assert.Equal(("request", "context", TestData.Idfa), (paid.MetrixUserId, paid.MetrixSessionId, paid.Idfa));
    }

    [Fact]
    public async Task Conditions_look_at_attributes_and_then_at_scopes()
    {
        await using var telemetry = await Telemetry.LogAsync(o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq")
        {
            When = { ["Amount"] = ["100.."], ["Shop"] = ["Tehran"] },
        });
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
        using (telemetry.Log.BeginScope(new Dictionary<string, object> { ["Shop"] = "Tehran" }))
        {
            telemetry.Log.LogInformation("<@Purchase> {Amount}", 130);
            telemetry.Log.LogInformation("<@Purchase> {Amount}", 99);
            telemetry.Log.LogInformation("<@Purchase> {Amount} in {Shop}", 200, "Shiraz");
        }

        Assert.Equal(130, (await telemetry.SingleAsync()).CustomMetrics["Amount"]);
    }

    [Theory]
    [InlineData("Status", "Paid", true)]
    [InlineData("status", "paid", true)]
    [InlineData("Address.City", "تهران", true)]
    [InlineData("Extra.Amount", "5", true)]
    [InlineData("Address.City", "یزد", false)]
    [InlineData("Extra.Nothing", "5", false)]
    public async Task Conditions_name_properties_as_they_are_sent(string name, string value, bool holds)
    {
        await using var telemetry = await Telemetry.LogAsync(
            o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq") { When = { [name] = [value] } });
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
        {
            telemetry.Log.LogInformation(
                "{@Purchase} {@Extra}", new { Status = "Paid", Address = new { City = "تهران" } }, new { Amount = 5 });
        }

        Assert.Equal(holds ? 1 : 0, (await telemetry.CloseAsync()).Count);
    }

    [Fact]
    public async Task The_slug_is_asked_before_the_marker_and_the_marker_before_the_capture()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
        {
            telemetry.Log.LogInformation("<@Refund> {@Purchase} {metrix.slug}", new { A = 1 }, "abcde");
            telemetry.Log.LogInformation("<@Refund> {@Purchase}", new { A = 2 });
        }

        Assert.Equal(["abcde", "qzrtw"], (await telemetry.CloseAsync()).Select(e => e.EventSlug).Order());
    }

    [Fact]
    public async Task A_marker_in_the_last_attribute_is_text_when_that_is_no_template()
    {
        await using var telemetry = await Telemetry.LogAsync();
        telemetry.Log.Log(
            LogLevel.Information, 0, new List<KeyValuePair<string, object?>> { new("Comment", "<@Purchase>") }, null, (_, _) => "");

        Assert.Empty(await telemetry.CloseAsync());
        Assert.Equal(0, telemetry.Books.Recognized);
    }

    [Fact]
    public async Task An_object_that_the_code_does_not_capture_is_not_taken_apart()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
            telemetry.Log.LogInformation(new EventId(1, "Purchase"), "{Purchase}", new { Secret = "x" });

        Assert.Equal(["Purchase"], (await telemetry.SingleAsync()).CustomAttributes.Keys);
    }

    [Fact]
    public async Task Baggage_is_mapped_where_its_keys_are_listed()
    {
        await using var telemetry = await Telemetry.LogAsync(o => o.BaggageKeys.Add("campaign"));
        using (new Activity("request").AddBaggage("campaign", "nowruz").AddBaggage("other", "x").Start())
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
            telemetry.Log.LogInformation("<@Purchase>");

        Assert.Equal(
            new Dictionary<string, string> { ["campaign"] = "nowruz" }, (await telemetry.SingleAsync()).CustomAttributes.ToDictionary());
    }

    [Fact]
    public async Task The_activity_at_hand_of_another_record_tells_nothing()
    {
        await using var telemetry = await Telemetry.LogAsync(logging: options => options.AddProcessor(new Elsewhere()));
        using var request = new Activity("request").OfSomeUser().Start();
        telemetry.Log.LogInformation("<@Purchase>");

        Assert.Empty(await telemetry.CloseAsync());
        Assert.Equal(1, telemetry.Books.Completed("invalid", "user_id_missing"));
    }

    [Fact]
    public async Task Ordinary_records_and_activities_cost_no_memory()
    {
        var recogniser = new LogRecordRecognizer(new SlugMap(new Dictionary<string, MetrixEventRule> { ["Purchase"] = "taqsq" }));
        var watching = new Measuring(record => recogniser.TryRecognize(record, out _));
        using (var logging = LoggerFactory.Create(builder => builder.AddOpenTelemetry(o => o.AddProcessor(watching))))
        {
            var log = logging.CreateLogger("Shop");
            for (var i = 0; i < 100; i++)
                Took(log, i, 12.5, Guid.Empty);
        }

        Assert.Equal(0, watching.Allocated);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task What_frameworks_add_is_left_out()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
        using (telemetry.Log.BeginScope(new Dictionary<string, object> { ["RequestId"] = "1", ["TraceId"] = "2", ["Mine"] = "3" }))
            telemetry.Log.LogInformation("<@Purchase>");

        Assert.Equal(["Mine"], (await telemetry.SingleAsync()).CustomAttributes.Keys);
    }

    [Fact]
    public async Task A_record_of_no_template_is_looked_at_too()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
        {
            telemetry.Log.Log(LogLevel.Information, new EventId(1, "Purchase"), "just a text", null, (state, _) => state);
            telemetry.Log.Log(LogLevel.Information, 0, 12345, null, (_, _) => "<@Purchase>");
        }

        Assert.Equal("taqsq", (await telemetry.SingleAsync()).EventSlug);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Number} took {Elapsed} for {Id}")]
    private static partial void Took(ILogger logger, int number, double elapsed, Guid id);

    [LoggerMessage(EventName = "Purchase", Level = LogLevel.Information, Message = "paid {Amount}")]
    private static partial void Paid(ILogger logger, int amount);

    /// <summary>Makes a record look like that of another activity, as one that was kept and handed on is.</summary>
    private sealed class Elsewhere : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data) => data.SpanId = ActivitySpanId.CreateRandom();
    }

    /// <summary>Measures what looking at a record allocates, once the template is known.</summary>
    private sealed class Measuring(Action<LogRecord> look) : BaseProcessor<LogRecord>
    {
        private int _seen;

        public long Allocated { get; private set; }

        public override void OnEnd(LogRecord data)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            look(data);
            if (_seen++ > 10)
                Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
