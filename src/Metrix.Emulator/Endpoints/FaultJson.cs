using System.Text.Json;
using Metrix.Emulator.Http;

namespace Metrix.Emulator.Endpoints;

/// <summary>
/// Reads and writes faults as a JSON array of objects. Reading is strict: a misspelled member would otherwise be
/// ignored.
/// </summary>
internal static class FaultJson
{
    private static readonly Dictionary<string, Func<EmulatorFault, JsonElement, EmulatorFault>> Members =
        new(StringComparer.Ordinal)
        {
            ["status"] = (fault, value) => fault with { StatusCode = value.GetInt32() },
            ["delayMilliseconds"] = (fault, value) =>
                fault with { Delay = TimeSpan.FromMilliseconds(value.GetInt32()) },
            ["neverAnswer"] = (fault, value) => fault with { NeverAnswer = value.GetBoolean() },
            ["closeConnection"] = (fault, value) => fault with { CloseConnection = value.GetBoolean() },
            ["retryAfterSeconds"] = (fault, value) =>
                fault with { RetryAfter = TimeSpan.FromSeconds(value.GetInt32()) },
            ["requests"] = (fault, value) => fault with { Requests = value.GetInt32() },
            ["share"] = (fault, value) => fault with { Share = value.GetDouble() },
            ["app"] = (fault, value) => fault with { AppId = value.GetString() },
            ["slug"] = (fault, value) => fault with { EventSlug = value.GetString() },
        };

    /// <summary>Reads the faults. Returns the first problem, or <see langword="null"/>.</summary>
    public static Problem? Read(byte[] body, out IReadOnlyList<EmulatorFault> faults)
    {
        var parsed = new List<EmulatorFault>();
        faults = parsed;
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                return Invalid("the body is not an array of faults");
            foreach (var element in document.RootElement.EnumerateArray())
            {
                if (ReadFault(element, $"[{parsed.Count}]", out var fault) is { } problem) return problem;
                parsed.Add(fault);
            }

            return null;
        }
        catch (JsonException notJson)
        {
            return Invalid($"the body is not JSON: {notJson.Message}");
        }
        catch (InvalidOperationException)
        {
            return Invalid("a name in the body has an unpaired surrogate escape");
        }
    }

    public static void Write(Utf8JsonWriter json, IEnumerable<EmulatorFault> faults)
    {
        json.WriteStartArray();
        foreach (var fault in faults) Write(json, fault);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, EmulatorFault fault)
    {
        json.WriteStartObject();
        if (fault.StatusCode is { } status) json.WriteNumber("status"u8, status);
        if (fault.Delay is { } delay) json.WriteNumber("delayMilliseconds"u8, (int)delay.TotalMilliseconds);
        if (fault.NeverAnswer) json.WriteBoolean("neverAnswer"u8, true);
        if (fault.CloseConnection) json.WriteBoolean("closeConnection"u8, true);
        if (fault.RetryAfter is { } wait)
            json.WriteNumber("retryAfterSeconds"u8, (long)Math.Ceiling(wait.TotalSeconds));
        if (fault.Requests is { } requests) json.WriteNumber("requests"u8, requests);
        json.WriteNumber("share"u8, fault.Share);
        if (fault.AppId is { } app) json.WriteString("app"u8, app);
        if (fault.EventSlug is { } slug) json.WriteString("slug"u8, slug);
        json.WriteEndObject();
    }

    private static Problem? ReadFault(JsonElement element, string path, out EmulatorFault fault)
    {
        fault = new EmulatorFault();
        if (element.ValueKind != JsonValueKind.Object) return Invalid($"{path} is not an object", path);
        foreach (var member in element.EnumerateObject())
        {
            var field = $"{path}.{member.Name}";
            if (!Members.TryGetValue(member.Name, out var set))
                return Invalid($"{field} is unknown; a fault has the members {string.Join(", ", Members.Keys)}", field);
            try
            {
                if (member.Value.ValueKind != JsonValueKind.Null) fault = set(fault, member.Value);
            }
            catch (ArgumentOutOfRangeException outOfRange)
            {
                return Invalid($"{field} is out of range: {outOfRange.Message.Split(" (")[0]}", field);
            }
            catch (Exception wrongType) when (wrongType is InvalidOperationException or FormatException)
            {
                return Invalid($"{field} has the wrong type", field);
            }
        }

        return null;
    }

    private static Problem Invalid(string reason, string? field = null) => new(400, reason, field);
}
