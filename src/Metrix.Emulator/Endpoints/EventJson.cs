using System.Text;
using System.Text.Json;
using Metrix.Emulator.Http;

namespace Metrix.Emulator.Endpoints;

/// <summary>
/// Writes events and rejected requests as JSON. Headers are omitted, and dev-keys are masked in every text.
/// </summary>
internal sealed class EventJson(KeyMask mask)
{
    public void Write(Utf8JsonWriter json, EmulatorEvent received)
    {
        var request = received.Request;
        WriteStart(json, request);
        WriteText(json, request, "metrixUserId", received.MetrixUserId);
        WriteText(json, request, "metrixSessionId", received.MetrixSessionId);
        WriteText(json, request, "advertisingId", received.AdvertisingId);
        WriteText(json, request, "idfa", received.Idfa);
        WriteText(json, request, "eventSlug", received.EventSlug);
        WriteText(json, request, "eventTime", received.EventTime);
        WriteText(json, request, "deviceIp", received.DeviceIp);

        json.WriteStartObject("customAttributes"u8);
        foreach (var (name, value) in received.CustomAttributes)
            WriteText(json, request, mask.Hide(request, name), value);
        json.WriteEndObject();
        json.WriteStartObject("customMetrics"u8);
        foreach (var (name, value) in received.CustomMetrics) json.WriteNumber(mask.Hide(request, name), value);
        json.WriteEndObject();
        json.WriteStartArray("warnings"u8);
        foreach (var warning in received.Warnings)
        {
            json.WriteStartObject();
            WriteText(json, request, "field", warning.Field);
            WriteText(json, request, "text", warning.ToString());
            json.WriteString("advice"u8, warning.Advice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteEnd(json, request);
    }

    public void Write(Utf8JsonWriter json, EmulatorRejection rejected)
    {
        var request = rejected.Request;
        WriteStart(json, request);
        json.WriteNumber("status"u8, rejected.Status);
        WriteText(json, request, "reason", rejected.Reason);
        WriteText(json, request, "field", rejected.Field);
        json.WriteString("advice"u8, rejected.Advice);
        WriteEnd(json, request);
    }

    private void WriteStart(Utf8JsonWriter json, EmulatorRequest request)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, request.Id);
        json.WriteString("receivedAt"u8, request.ReceivedAt);
        WriteText(json, request, "appId", request.AppId);
    }

    private void WriteEnd(Utf8JsonWriter json, EmulatorRequest request)
    {
        WriteText(json, request, "body", Encoding.UTF8.GetString(request.Body.Span));
        json.WriteEndObject();
    }

    private void WriteText(Utf8JsonWriter json, EmulatorRequest request, string name, string? value)
    {
        if (value is not null) json.WriteString(name, mask.Hide(request, value));
    }
}
