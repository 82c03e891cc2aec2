using System.Text;
using System.Text.Json;
using Metrix.Emulator.Validation;

namespace Metrix.Emulator.Api;

/// <summary>Writes what arrived as JSON. Headers are left out and dev-keys masked, wherever they stand.</summary>
internal sealed class EventJson(KeyMask mask)
{
    public void Write(Utf8JsonWriter json, EmulatorEvent received)
    {
        var request = received.Request;
        Begin(json, request);
        Text(json, request, "metrixUserId", received.MetrixUserId);
        Text(json, request, "metrixSessionId", received.MetrixSessionId);
        Text(json, request, "advertisingId", received.AdvertisingId);
        Text(json, request, "idfa", received.Idfa);
        Text(json, request, "eventSlug", received.EventSlug);
        Text(json, request, "eventTime", received.EventTime);
        Text(json, request, "deviceIp", received.DeviceIp);

        json.WriteStartObject("customAttributes"u8);
        foreach (var (name, value) in received.CustomAttributes) Text(json, request, mask.Hide(request, name), value);
        json.WriteEndObject();
        json.WriteStartObject("customMetrics"u8);
        foreach (var (name, value) in received.CustomMetrics) json.WriteNumber(mask.Hide(request, name), value);
        json.WriteEndObject();
        json.WriteStartArray("warnings"u8);
        foreach (var warning in received.Warnings)
        {
            json.WriteStartObject();
            Text(json, request, "field", warning.Field);
            Text(json, request, "text", warning.ToString());
            json.WriteString("advice"u8, warning.Advice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        End(json, request);
    }

    public void Write(Utf8JsonWriter json, EmulatorRejection rejected)
    {
        var request = rejected.Request;
        Begin(json, request);
        json.WriteNumber("status"u8, rejected.Status);
        Text(json, request, "reason", rejected.Reason);
        Text(json, request, "field", rejected.Field);
        json.WriteString("advice"u8, rejected.Advice);
        End(json, request);
    }

    private void Begin(Utf8JsonWriter json, EmulatorRequest request)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, request.Id);
        json.WriteString("receivedAt"u8, request.ReceivedAt);
        Text(json, request, "appId", request.AppId);
    }

    private void End(Utf8JsonWriter json, EmulatorRequest request)
    {
        Text(json, request, "body", Encoding.UTF8.GetString(request.Body.Span));
        json.WriteEndObject();
    }

    private void Text(Utf8JsonWriter json, EmulatorRequest request, string name, string? value)
    {
        if (value is not null) json.WriteString(name, mask.Hide(request, value));
    }
}
