using System.Diagnostics;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Mapping;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Metrix.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Metrix.OpenTelemetry.Exporter.Tests.Tracing;

/// <summary>Each type of value as a tag, as a tag of an activity event, and as an attribute of a log record.</summary>
public class TagValueTests
{
    public static TheoryData<string> EveryCulture() => [.. Cultures.Names];

    [Theory]
    [MemberData(nameof(EveryCulture))]
    public async Task A_tag_becomes_what_its_type_says(string culture)
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (Cultures.Use(culture))
        {
            foreach (var (name, (value, _)) in ValueTable.All)
            {
                using var activity = telemetry.Source.StartActivity("Purchase")!.OfSomeUser().SetTag("case", name).SetTag("x", value);
                activity.AddEvent(new ActivityEvent("Refund", tags: new() { ["case"] = name, ["x"] = value }));
            }
        }

        await AssertTableAsync(telemetry, eventsOfEach: 2);
    }

    [Theory]
    [MemberData(nameof(EveryCulture))]
    public async Task An_attribute_of_a_log_record_becomes_what_its_type_says(string culture)
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (Cultures.Use(culture))
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
        {
            foreach (var (name, (value, _)) in ValueTable.All)
                telemetry.Log.LogInformation("<@Purchase> {case} {x}", name, value);
        }

        await AssertTableAsync(telemetry, eventsOfEach: 1);
    }

    private static async Task AssertTableAsync(Telemetry telemetry, int eventsOfEach)
    {
        var arrived = (await telemetry.CloseAsync()).ToLookup(e => e.CustomAttributes["case"]);
        foreach (var (name, (_, becomes)) in ValueTable.All)
        {
            Assert.Equal(eventsOfEach, arrived[name].Count());
            foreach (var one in arrived[name])
            {
                var isAttribute = one.CustomAttributes.TryGetValue("x", out var text);
                var isMetric = one.CustomMetrics.TryGetValue("x", out var number);
                Assert.Equal((becomes.Kind == MappedKind.Attribute, becomes.Kind == MappedKind.Metric), (isAttribute, isMetric));
                if (isAttribute)
                    Assert.Equal(becomes.Text, text);
                if (isMetric)
                    Assert.Equal(becomes.Number, number);
            }
        }
    }
}
