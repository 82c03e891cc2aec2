using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;

namespace Metrix.Emulator.Endpoints;

/// <summary>
/// Writes a request as a row of the page's list. A row is always short, because the page holds a hundred thousand
/// rows.
/// </summary>
internal sealed class SummaryJson(KeyMask mask, FrozenDictionary<string, string> eventNames)
{
    private const int MaxTextChars = 120;
    private const int MaxDataChars = 600;

    public void Write(Utf8JsonWriter json, StoredRequest stored)
    {
        var request = stored.Request;
        var fields = RequestFields.Of(request);
        json.WriteStartObject();
        json.WriteNumber("id"u8, request.Id);
        json.WriteNumber("at"u8, request.ReceivedAt.ToUnixTimeMilliseconds());
        json.WriteString("verdict"u8, RequestOutcomeName.Of(stored.Outcome));
        json.WriteNumber("status"u8, stored.Status);
        if (AnswerManner.Of(request.Answer) is { } manner) json.WriteString("manner"u8, manner);
        WriteText("app", request.AppId);
        WriteText("slug", fields.Text("eventSlug"));
        if (fields.Text("eventSlug") is { } slug && eventNames.TryGetValue(slug, out var name)) WriteText("name", name);
        WriteText("user", fields.Text("metrixUserId"));
        if (Platform(fields) is { } platform) json.WriteString("platform"u8, platform);
        WriteText("remark", stored.Rejection?.Reason ?? (stored.Warnings is [var first, ..] ? first.ToString() : null));
        json.WriteString("same"u8, AttemptKey(request));
        WriteData();
        json.WriteEndObject();

        void WriteText(string field, string? text)
        {
            if (!string.IsNullOrEmpty(text)) json.WriteString(field, MaskAndTruncate(request, text));
        }

        void WriteData()
        {
            var remainingChars = MaxDataChars;
            json.WriteStartArray("data"u8);
            foreach (var entry in fields.Entries)
            {
                if (entry.Parent.Length == 0) continue;
                if (remainingChars <= 0) break;
                var (key, value) = (MaskAndTruncate(request, entry.Name), MaskAndTruncate(request, entry.Text));
                json.WriteStringValue(key);
                json.WriteStringValue(value);
                remainingChars -= key.Length + value.Length;
            }

            json.WriteEndArray();
        }
    }

    private static string? Platform(RequestFields fields) =>
        (fields.Text("advertisingId"), fields.Text("idfa")) switch
        {
            (not null, null) => "Android",
            (null, not null) => "iOS",
            _ => null,
        };

    /// <summary>Returns a key that all attempts to send one event share: the same bytes to the same app.</summary>
    private static string AttemptKey(EmulatorRequest request)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(request.Body.Span, hash);
        return $"{Convert.ToHexString(hash[..6])}-{request.AppId}";
    }

    private string MaskAndTruncate(EmulatorRequest request, string text)
    {
        // Masked first: the mask would not find half of a key.
        text = mask.Hide(request, text);
        if (text.Length <= MaxTextChars) return text;
        var chars = char.IsHighSurrogate(text[MaxTextChars - 1]) ? MaxTextChars - 1 : MaxTextChars;
        return string.Concat(text.AsSpan(0, chars), "…");
    }
}
