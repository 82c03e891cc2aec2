using System.Text.Json;
using Metrix.Emulator.Store;

namespace Metrix.Emulator.Endpoints;

/// <summary>Writes the number of requests by verdict.</summary>
internal static class StatsJson
{
    public static void Write(Utf8JsonWriter json, RequestCountsSnapshot counts, int held)
    {
        json.WriteStartObject();
        WriteCounts(json, counts.Totals);
        json.WriteNumber("held"u8, held);
        json.WriteStartArray("minutes"u8);
        foreach (var (at, minuteCounts) in counts.Minutes)
        {
            json.WriteStartObject();
            json.WriteString("at"u8, at.UtcDateTime);
            WriteCounts(json, minuteCounts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, IReadOnlyList<long> counts)
    {
        for (var outcome = 0; outcome < RequestCounts.Outcomes; outcome++)
            json.WriteNumber(RequestOutcomeName.Of((RequestOutcome)outcome), counts[outcome]);
    }
}
