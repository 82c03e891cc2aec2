using System.Diagnostics;
using System.Globalization;
using Metrix.Client;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Metrix.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Tests.Logging;

/// <summary>Tests the values, the identity and the conditions of events from log records.</summary>
public class LogRecordMappingTests
{
    [Fact]
    public async Task The_event_time_is_the_time_of_the_log_record()
    {
        await using var telemetry = await Telemetry.LogAsync();
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
            telemetry.Logger.LogInformation("<@Purchase>");
        var after = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        var eventTime = (await telemetry.SingleAsync()).EventTime!;
        Assert.InRange(long.Parse(eventTime, CultureInfo.InvariantCulture), before, after);
    }

    [Fact]
    public async Task The_identity_is_completed_from_activities_and_the_ambient_context()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using var context = MetrixContext.BeginScope(new MetrixIdentity { MetrixSessionId = "context" });
        using var request = new Activity("request").SetTag("metrix.user_id", "request").Start();
        using (new Activity("checkout").SetTag("metrix.idfa", TestUser.Idfa).Start())
            telemetry.Logger.LogInformation("<@Purchase>");

        var purchase = await telemetry.SingleAsync();
        Assert.Equal(
            ("request", "context", TestUser.Idfa), (purchase.MetrixUserId, purchase.MetrixSessionId, purchase.Idfa));
    }

    [Fact]
    public async Task Conditions_read_attributes_before_scopes()
    {
        await using var telemetry = await Telemetry.LogAsync(o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq")
        {
            When = { ["Amount"] = ["100.."], ["Shop"] = ["Tehran"] },
        });
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
        using (telemetry.Logger.BeginScope(new Dictionary<string, object> { ["Shop"] = "Tehran" }))
        {
            telemetry.Logger.LogInformation("<@Purchase> {Amount}", 130);
            telemetry.Logger.LogInformation("<@Purchase> {Amount}", 99);
            telemetry.Logger.LogInformation("<@Purchase> {Amount} in {Shop}", 200, "Shiraz");
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
    public async Task Conditions_use_the_names_under_which_properties_are_sent(string name, string value, bool holds)
    {
        await using var telemetry = await Telemetry.LogAsync(
            o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq") { When = { [name] = [value] } });
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
        {
            telemetry.Logger.LogInformation(
                "{@Purchase} {@Extra}", new { Status = "Paid", Address = new { City = "تهران" } }, new { Amount = 5 });
        }

        Assert.Equal(holds ? 1 : 0, (await telemetry.CloseAsync()).Count);
    }

    [Fact]
    public async Task An_object_without_the_at_sign_is_not_flattened()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
            telemetry.Logger.LogInformation(new EventId(1, "Purchase"), "{Purchase}", new { Secret = "x" });

        Assert.Equal(["Purchase"], (await telemetry.SingleAsync()).CustomAttributes.Keys);
    }

    [Fact]
    public async Task Listed_baggage_items_are_sent()
    {
        await using var telemetry = await Telemetry.LogAsync(o => o.BaggageKeys.Add("campaign"));
        using (new Activity("request").AddBaggage("campaign", "nowruz").AddBaggage("other", "x").Start())
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
            telemetry.Logger.LogInformation("<@Purchase>");

        Assert.Equal(
            new Dictionary<string, string> { ["campaign"] = "nowruz" },
            (await telemetry.SingleAsync()).CustomAttributes.ToDictionary());
    }

    [Fact]
    public async Task The_current_activity_is_not_read_for_a_record_of_another_activity()
    {
        await using var telemetry = await Telemetry.LogAsync(
            logging: options => options.AddProcessor(new OtherActivityProcessor()));
        using var request = new Activity("request").WithIdentity().Start();
        telemetry.Logger.LogInformation("<@Purchase>");

        Assert.Empty(await telemetry.CloseAsync());
        Assert.Equal(1, telemetry.Meter.Completed("invalid", "user_id_missing"));
    }

    [Fact]
    public async Task Framework_properties_in_scopes_are_omitted()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
        using (telemetry.Logger.BeginScope(
            new Dictionary<string, object> { ["RequestId"] = "1", ["TraceId"] = "2", ["Mine"] = "3" }))
            telemetry.Logger.LogInformation("<@Purchase>");

        Assert.Equal(["Mine"], (await telemetry.SingleAsync()).CustomAttributes.Keys);
    }

    /// <summary>
    /// Changes the span id of a record, so that it looks like a record that was kept and processed later.
    /// </summary>
    private sealed class OtherActivityProcessor : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data) => data.SpanId = ActivitySpanId.CreateRandom();
    }
}
