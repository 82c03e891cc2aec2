using System.Text.Json;
using Metrix.Emulator.Validation;

namespace Metrix.Emulator.Api;

/// <summary>Faults as JSON: an array of objects. Strict in reading, as a misspelt fault would be no fault.</summary>
internal static class FaultJson
{
    private static readonly Dictionary<string, Func<EmulatorFault, JsonElement, EmulatorFault>> Members = new(StringComparer.Ordinal)
    {
        ["status"] = (fault, value) => fault with { StatusCode = value.GetInt32() },
        ["delayMilliseconds"] = (fault, value) => fault with { Delay = TimeSpan.FromMilliseconds(value.GetInt32()) },
        ["neverAnswer"] = (fault, value) => fault with { NeverAnswer = value.GetBoolean() },
        ["closeConnection"] = (fault, value) => fault with { CloseConnection = value.GetBoolean() },
        ["retryAfterSeconds"] = (fault, value) => fault with { RetryAfter = TimeSpan.FromSeconds(value.GetInt32()) },
        ["requests"] = (fault, value) => fault with { Requests = value.GetInt32() },
        ["share"] = (fault, value) => fault with { Share = value.GetDouble() },
        ["app"] = (fault, value) => fault with { AppId = value.GetString() },
        ["slug"] = (fault, value) => fault with { EventSlug = value.GetString() },
    };

    /// <summary>The faults, or the first problem.</summary>
    public static Problem? Read(byte[] body, out IReadOnlyList<EmulatorFault> faults)
    {
        var read = new List<EmulatorFault>();
        faults = read;
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Array) return Bad("the body is not an array of faults");
            foreach (var element in document.RootElement.EnumerateArray())
            {
                if (Fault(element, $"[{read.Count}]", out var fault) is { } problem) return problem;
                read.Add(fault);
            }

            return null;
        }
        catch (JsonException notJson)
        {
            return Bad($"the body is not JSON: {notJson.Message}");
        }
        catch (InvalidOperationException)
        {
            return Bad("a name in the body has an escape that is half of a character");
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
        if (fault.RetryAfter is { } wait) json.WriteNumber("retryAfterSeconds"u8, (long)Math.Ceiling(wait.TotalSeconds));
        if (fault.Requests is { } requests) json.WriteNumber("requests"u8, requests);
        json.WriteNumber("share"u8, fault.Share);
        if (fault.AppId is { } app) json.WriteString("app"u8, app);
        if (fault.EventSlug is { } slug) json.WriteString("slug"u8, slug);
        json.WriteEndObject();
    }

    private static Problem? Fault(JsonElement element, string path, out EmulatorFault fault)
    {
        fault = new EmulatorFault();
        if (element.ValueKind != JsonValueKind.Object) return Bad($"{path} is not an object", path);
        foreach (var member in element.EnumerateObject())
        {
            var field = $"{path}.{member.Name}";
            if (!Members.TryGetValue(member.Name, out var change))
                return Bad($"{field} is not known; a fault has {string.Join(", ", Members.Keys)}", field);
            try
            {
                if (member.Value.ValueKind != JsonValueKind.Null) fault = change(fault, member.Value);
            }
            catch (ArgumentOutOfRangeException impossible)
            {
                return Bad($"{field} is out of range: {impossible.Message.Split(" (")[0]}", field);
            }
            catch (Exception other) when (other is InvalidOperationException or FormatException)
            {
                return Bad($"{field} is of the wrong type", field);
            }
        }

        return null;
    }

    private static Problem Bad(string reason, string? field = null) => new(400, reason, field);
}
