using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.WebUtilities;

namespace Metrix.Emulator.Endpoints;

/// <summary>Writes all details of one request. Dev-keys are masked.</summary>
internal sealed class RequestDetailJson(KeyMask mask, FrozenDictionary<string, string> eventNames)
{
    private const string Masked = "[dev-key]";

    public void Write(Utf8JsonWriter json, StoredRequest stored, StoreView view)
    {
        var request = stored.Request;
        var fields = RequestFields.Of(request);
        json.WriteStartObject();
        json.WriteNumber("id"u8, request.Id);
        json.WriteString("receivedAt"u8, request.ReceivedAt);
        json.WriteString("verdict"u8, RequestOutcomeName.Of(stored.Outcome));
        WriteText(json, request, "appId", request.AppId);
        WriteText(json, request, "eventSlug", fields.Text("eventSlug"));
        if (fields.Text("eventSlug") is { } slug && eventNames.TryGetValue(slug, out var name))
            json.WriteString("eventName"u8, name);
        if (LateMilliseconds(fields, request) is { } late) json.WriteNumber("lateMilliseconds"u8, late);
        WriteRemarks(json, stored);
        WriteFields(json, request, fields);
        WriteRequest(json, request);
        WriteAnswer(json, stored);
        WriteRequests(json, "attempts", DuplicateFinder.FindAttempts(view, stored));
        WriteRequests(json, "duplicates", DuplicateFinder.FindDuplicates(view, stored));
        json.WriteEndObject();
    }

    private static long? LateMilliseconds(RequestFields fields, EmulatorRequest request) =>
        long.TryParse(fields.Text("eventTime"), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? request.ReceivedAt.ToUnixTimeMilliseconds() - time
            : null;

    private void WriteRemarks(Utf8JsonWriter json, StoredRequest stored)
    {
        var request = stored.Request;
        json.WriteStartArray("remarks"u8);
        if (stored.Rejection is { } rejection)
            WriteRemark(rejection.IsByFault ? "fault" : "error", rejection.Field, rejection.Reason, rejection.Advice);
        foreach (var warning in stored.Warnings)
            WriteRemark("warning", warning.Field, warning.ToString(), warning.Advice);
        json.WriteEndArray();

        void WriteRemark(string severity, string? field, string text, string advice)
        {
            json.WriteStartObject();
            json.WriteString("severity"u8, severity);
            WriteText(json, request, "field", field);
            WriteText(json, request, "text", text);
            json.WriteString("advice"u8, advice);
            json.WriteEndObject();
        }
    }

    private void WriteFields(Utf8JsonWriter json, EmulatorRequest request, RequestFields fields)
    {
        json.WriteStartArray("fields"u8);
        foreach (var entry in fields.Entries)
        {
            json.WriteStartObject();
            WriteText(json, request, "path", entry.Path);
            json.WriteString("parent"u8, entry.Parent);
            WriteText(json, request, "name", entry.Name);
            json.WriteString("kind"u8, entry.Kind);
            WriteText(json, request, "text", entry.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteRequest(Utf8JsonWriter json, EmulatorRequest request)
    {
        json.WriteStartObject("request"u8);
        json.WriteString("method"u8, request.Method);
        WriteText(json, request, "path", request.Path);
        json.WriteString("protocol"u8, request.Protocol);
        json.WriteString("remoteAddress"u8, request.RemoteAddress.ToString());
        json.WriteStartArray("headers"u8);
        foreach (var (name, value) in request.Headers)
        {
            // The mask does not find a key that is too short. In this header, every value is a key.
            var isKey = name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && value.Length > 0;
            json.WriteStartObject();
            WriteText(json, request, "name", name);
            WriteText(json, request, "value", isKey ? Masked : value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteText(json, request, "body", Encoding.UTF8.GetString(request.Body.Span));
        json.WriteBoolean("isBodyCutShort"u8, request.IsBodyTruncated);
        json.WriteEndObject();
    }

    private void WriteAnswer(Utf8JsonWriter json, StoredRequest stored)
    {
        var (request, answer) = (stored.Request, stored.Request.Answer);
        json.WriteStartObject("answer"u8);
        json.WriteNumber("status"u8, stored.Status);
        json.WriteString("phrase"u8, ReasonPhrases.GetReasonPhrase(stored.Status));
        if (AnswerManner.Of(answer) is { } manner) json.WriteString("manner"u8, manner);
        if (answer?.Delay is { } delay) json.WriteNumber("delayMilliseconds"u8, (long)delay.TotalMilliseconds);
        json.WriteStartArray("headers"u8);
        foreach (var (name, value) in answer?.Headers ?? new Dictionary<string, string>())
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            WriteText(json, request, "value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteText(json, request, "body", answer?.Body ?? (stored.Rejection is { } rejection
            ? JsonAnswer.Describe(new Problem(rejection.Status, rejection.Reason, rejection.Field))
            : JsonAnswer.Accepted));
        json.WriteEndObject();
    }

    private static void WriteRequests(Utf8JsonWriter json, string name, IEnumerable<StoredRequest> requests)
    {
        json.WriteStartArray(name);
        foreach (var stored in requests)
        {
            json.WriteStartObject();
            json.WriteNumber("id"u8, stored.Request.Id);
            json.WriteString("receivedAt"u8, stored.Request.ReceivedAt);
            json.WriteString("verdict"u8, RequestOutcomeName.Of(stored.Outcome));
            json.WriteNumber("status"u8, stored.Status);
            if (AnswerManner.Of(stored.Request.Answer) is { } manner) json.WriteString("manner"u8, manner);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteText(Utf8JsonWriter json, EmulatorRequest request, string name, string? text)
    {
        if (text is not null) json.WriteString(name, mask.Hide(request, text));
    }
}
