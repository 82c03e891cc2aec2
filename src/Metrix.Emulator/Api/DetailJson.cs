using System.Globalization;
using System.Text;
using System.Text.Json;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.WebUtilities;

namespace Metrix.Emulator.Api;

/// <summary>Writes all that is known of one request, dev-keys masked.</summary>
internal sealed class DetailJson(KeyMask mask, EmulatorSettings settings)
{
    private const string Masked = "[dev-key]";

    public void Write(Utf8JsonWriter json, StoredRequest arrival, StoreView view)
    {
        var request = arrival.Request;
        var outline = RequestFields.Of(request);
        json.WriteStartObject();
        json.WriteNumber("id"u8, request.Id);
        json.WriteString("receivedAt"u8, request.ReceivedAt);
        json.WriteString("verdict"u8, RequestOutcomeName.Of(arrival.Outcome));
        Text(json, request, "appId", request.AppId);
        Text(json, request, "eventSlug", outline.Text("eventSlug"));
        if (outline.Text("eventSlug") is { } slug && settings.EventNames.TryGetValue(slug, out var name))
            json.WriteString("eventName"u8, name);
        if (Lateness(outline, request) is { } late) json.WriteNumber("lateMilliseconds"u8, late);
        Remarks(json, arrival);
        Fields(json, request, outline);
        Request(json, request);
        Answer(json, arrival);
        Attempts(json, "attempts", RelatedRequests.Attempts(view, arrival));
        Attempts(json, "duplicates", RelatedRequests.Duplicates(view, arrival));
        json.WriteEndObject();
    }

    private static long? Lateness(RequestFields outline, EmulatorRequest request) =>
        long.TryParse(outline.Text("eventTime"), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? request.ReceivedAt.ToUnixTimeMilliseconds() - time
            : null;

    private void Remarks(Utf8JsonWriter json, StoredRequest arrival)
    {
        var request = arrival.Request;
        json.WriteStartArray("remarks"u8);
        if (arrival.Rejection is { } rejection)
            Remark(rejection.IsByFault ? "fault" : "error", rejection.Field, rejection.Reason, rejection.Advice);
        foreach (var warning in arrival.Warnings) Remark("warning", warning.Field, warning.ToString(), warning.Advice);
        json.WriteEndArray();

        void Remark(string severity, string? field, string text, string advice)
        {
            json.WriteStartObject();
            json.WriteString("severity"u8, severity);
            Text(json, request, "field", field);
            Text(json, request, "text", text);
            json.WriteString("advice"u8, advice);
            json.WriteEndObject();
        }
    }

    private void Fields(Utf8JsonWriter json, EmulatorRequest request, RequestFields outline)
    {
        json.WriteStartArray("fields"u8);
        foreach (var entry in outline.Entries)
        {
            json.WriteStartObject();
            Text(json, request, "path", entry.Path);
            json.WriteString("parent"u8, entry.Parent);
            Text(json, request, "name", entry.Name);
            json.WriteString("kind"u8, entry.Kind);
            Text(json, request, "text", entry.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Request(Utf8JsonWriter json, EmulatorRequest request)
    {
        json.WriteStartObject("request"u8);
        json.WriteString("method"u8, request.Method);
        Text(json, request, "path", request.Path);
        json.WriteString("protocol"u8, request.Protocol);
        json.WriteString("remoteAddress"u8, request.RemoteAddress.ToString());
        json.WriteStartArray("headers"u8);
        foreach (var (name, value) in request.Headers)
        {
            var isKey = name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && value.Length > 0;
            json.WriteStartObject();
            Text(json, request, "name", name);
            Text(json, request, "value", isKey ? Masked : value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Text(json, request, "body", Encoding.UTF8.GetString(request.Body.Span));
        json.WriteBoolean("isBodyCutShort"u8, request.IsBodyCutShort);
        json.WriteEndObject();
    }

    private void Answer(Utf8JsonWriter json, StoredRequest arrival)
    {
        var (request, given) = (arrival.Request, arrival.Request.Answer);
        json.WriteStartObject("answer"u8);
        json.WriteNumber("status"u8, arrival.Status);
        json.WriteString("phrase"u8, ReasonPhrases.GetReasonPhrase(arrival.Status));
        if (SummaryJson.Manner(given) is { } manner) json.WriteString("manner"u8, manner);
        if (given?.Delay is { } delay) json.WriteNumber("delayMilliseconds"u8, (long)delay.TotalMilliseconds);
        json.WriteStartArray("headers"u8);
        foreach (var (name, value) in given?.Headers ?? new Dictionary<string, string>())
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            Text(json, request, "value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Text(json, request, "body", given?.Body ?? (arrival.Rejection is { } rejection
            ? JsonAnswer.Text(new Problem(rejection.Status, rejection.Reason, rejection.Field))
            : JsonAnswer.Ok));
        json.WriteEndObject();
    }

    private static void Attempts(Utf8JsonWriter json, string name, IEnumerable<StoredRequest> arrivals)
    {
        json.WriteStartArray(name);
        foreach (var arrival in arrivals)
        {
            json.WriteStartObject();
            json.WriteNumber("id"u8, arrival.Request.Id);
            json.WriteString("receivedAt"u8, arrival.Request.ReceivedAt);
            json.WriteString("verdict"u8, RequestOutcomeName.Of(arrival.Outcome));
            json.WriteNumber("status"u8, arrival.Status);
            if (SummaryJson.Manner(arrival.Request.Answer) is { } manner) json.WriteString("manner"u8, manner);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Text(Utf8JsonWriter json, EmulatorRequest request, string name, string? text)
    {
        if (text is not null) json.WriteString(name, mask.Hide(request, text));
    }
}
