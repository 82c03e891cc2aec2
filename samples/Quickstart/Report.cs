using System.Globalization;
using System.Text.Json;
using Metrix.Emulator;

namespace Quickstart;

/// <summary>
/// Prints each received event with the fields of its request body.
/// </summary>
internal static class Report
{
    public static void Print(
        IReadOnlyList<EmulatorEvent> events, IReadOnlyList<EmulatorRejection> rejections, Counters counters)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var received = events[i];
            Console.WriteLine();
            Console.WriteLine(
                $"Event {i + 1} of {events.Count}   POST {received.Request.Path}   " +
                $"from {SourceOf(received)} for {UserOf(received)}");
            using var body = JsonDocument.Parse(received.Request.Body);
            PrintMembers(body.RootElement, "  ");
        }

        foreach (var rejection in rejections)
        {
            Console.WriteLine();
            Console.WriteLine($"Rejected with {rejection.Status}: {rejection.Reason}");
        }

        Console.WriteLine();
        Console.WriteLine("This shop emits each purchase in three ways to show them all, so it sends three events.");
        Console.WriteLine("In your application, map only one of them.");
        Console.WriteLine();
        Console.WriteLine("Counters of the meter Metrix.Client");
        foreach (var (name, value) in counters.Read())
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-34}{value,6}"));
        Console.WriteLine();
    }

    private static string UserOf(EmulatorEvent received) => received.Idfa is null ? "an Android user" : "an iOS user";

    // Only server spans have the slug "xkcvb", and only the activity event has the tag "Gateway".
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
