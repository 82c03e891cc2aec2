using System.Text.Json;
using Metrix.Emulator.Store;

namespace Metrix.Emulator.Api;

/// <summary>Writes how many came, by verdict.</summary>
internal static class StatsJson
{
    public static void Write(Utf8JsonWriter json, RequestCountsSnapshot tally, int held)
    {
        json.WriteStartObject();
        Counts(json, tally.Totals);
        json.WriteNumber("held"u8, held);
        json.WriteStartArray("minutes"u8);
        foreach (var (at, counts) in tally.Minutes)
        {
            json.WriteStartObject();
            json.WriteString("at"u8, at.UtcDateTime);
            Counts(json, counts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Counts(Utf8JsonWriter json, IReadOnlyList<long> counts)
    {
        for (var outcome = 0; outcome < RequestCounts.Outcomes; outcome++)
            json.WriteNumber(RequestOutcomeName.Of((RequestOutcome)outcome), counts[outcome]);
    }
}
