using System.Globalization;
using System.Text.Json;
using Metrix.Emulator;

namespace Quickstart;

/// <summary>
/// Prints what arrived, field by field, as it stood in the request.
/// </summary>
internal static class Report
{
    public static void Print(IReadOnlyList<EmulatorEvent> events, IReadOnlyList<EmulatorRejection> rejected, Counters counters)
    {
        for (var i = 0; i < events.Count; i++)
        {
            Console.WriteLine();
            Console.WriteLine($"Event {i + 1} of {events.Count}   POST {events[i].Request.Path}   from {SourceOf(events[i])} for {UserOf(events[i])}");
            using var body = JsonDocument.Parse(events[i].Request.Body);
            PrintMembers(body.RootElement, "  ");
        }

        foreach (var refusal in rejected)
        {
            Console.WriteLine();
            Console.WriteLine($"Rejected with {refusal.Status}: {refusal.Reason}");
        }

        Console.WriteLine();
        Console.WriteLine("This shop tells of a purchase in three ways, to show them: three events. Yours should map one of them.");
        Console.WriteLine();
        Console.WriteLine("Counters of the meter Metrix.Client");
        foreach (var (name, value) in counters.Read())
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-26}{value,6}"));
        Console.WriteLine();
    }

    private static string UserOf(EmulatorEvent received) => received.Idfa is null ? "an Android user" : "an iOS user";

    // The slug of the checkouts' server spans is theirs alone, and only the bank's trace knows the gateway.
    private static string SourceOf(EmulatorEvent received) => received switch
    {
        { EventSlug: "xkcvb" } => "the server span \"POST /checkout\"",
        _ when received.CustomAttributes.ContainsKey("Gateway") => "an activity event",
        _ => "a log event",
    };

    private static void PrintMembers(JsonElement element, string indent)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object)
            {
                Console.WriteLine($"{indent}{member.Name}");
                PrintMembers(member.Value, indent + "  ");
            }
            else
            {
                var name = indent + member.Name;
                Console.WriteLine($"{name,-26}{member.Value}");
            }
        }
    }
}
