using System.Diagnostics;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Mapping;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Metrix.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Metrix.OpenTelemetry.Exporter.Tests.Tracing;

/// <summary>Tests each type of value as a tag, as a tag of an activity event, and as a log attribute.</summary>
public class TagValueTests
{
    public static TheoryData<string> CultureNames() => [.. Cultures.Names];

    [Theory]
    [MemberData(nameof(CultureNames))]
    public async Task A_tag_is_mapped_by_its_type_in_every_culture(string culture)
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (Cultures.Use(culture))
        {
            foreach (var (name, (value, _)) in ValueTable.All)
            {
                using var activity = telemetry.Source.StartActivity("Purchase")!.WithIdentity();
                activity.SetTag("case", name).SetTag("x", value);
                activity.AddEvent(new ActivityEvent("Refund", tags: new() { ["case"] = name, ["x"] = value }));
            }
        }

        await AssertMappedAsync(telemetry, eventsPerValue: 2);
    }

    [Theory]
    [MemberData(nameof(CultureNames))]
    public async Task A_log_attribute_is_mapped_by_its_type_in_every_culture(string culture)
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (Cultures.Use(culture))
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
        {
            foreach (var (name, (value, _)) in ValueTable.All)
                telemetry.Logger.LogInformation("<@Purchase> {case} {x}", name, value);
        }

        await AssertMappedAsync(telemetry, eventsPerValue: 1);
    }

    private static async Task AssertMappedAsync(Telemetry telemetry, int eventsPerValue)
    {
        var delivered = (await telemetry.CloseAsync()).ToLookup(e => e.CustomAttributes["case"]);
        foreach (var (name, (_, expected)) in ValueTable.All)
        {
            Assert.Equal(eventsPerValue, delivered[name].Count());
            foreach (var mapped in delivered[name])
            {
                var isAttribute = mapped.CustomAttributes.TryGetValue("x", out var text);
                var isMetric = mapped.CustomMetrics.TryGetValue("x", out var number);
                Assert.Equal(
                    (expected.Kind == MappedKind.Attribute, expected.Kind == MappedKind.Metric),
                    (isAttribute, isMetric));
                if (isAttribute)
                    Assert.Equal(expected.Text, text);
                if (isMetric)
                    Assert.Equal(expected.Number, number);
            }
        }
    }
}
