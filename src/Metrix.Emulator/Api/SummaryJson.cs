using System.Security.Cryptography;
using System.Text.Json;
using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;

namespace Metrix.Emulator.Api;

/// <summary>
/// Writes an arrival as a row of the page's list: short whatever came, as the page holds a hundred thousand of them.
/// </summary>
internal sealed class SummaryJson(KeyMask mask, EmulatorSettings settings)
{
    private const int MaxTextChars = 120;
    private const int MaxDataChars = 600;

    public void Write(Utf8JsonWriter json, StoredRequest arrival)
    {
        var request = arrival.Request;
        var outline = RequestFields.Of(request);
        json.WriteStartObject();
        json.WriteNumber("id"u8, request.Id);
        json.WriteNumber("at"u8, request.ReceivedAt.ToUnixTimeMilliseconds());
        json.WriteString("verdict"u8, RequestOutcomeName.Of(arrival.Outcome));
        json.WriteNumber("status"u8, arrival.Status);
        if (Manner(request.Answer) is { } manner) json.WriteString("manner"u8, manner);
        Text("app", request.AppId);
        Text("slug", outline.Text("eventSlug"));
        if (outline.Text("eventSlug") is { } slug && settings.EventNames.TryGetValue(slug, out var name)) Text("name", name);
        Text("user", outline.Text("metrixUserId"));
        if (Platform(outline) is { } platform) json.WriteString("platform"u8, platform);
        Text("remark", arrival.Rejection?.Reason ?? (arrival.Warnings is [var first, ..] ? first.ToString() : null));
        json.WriteString("same"u8, SameBytes(request));
        Data(json, outline);
        json.WriteEndObject();

        void Text(string field, string? text)
        {
            if (!string.IsNullOrEmpty(text)) json.WriteString(field, Short(request, text, MaxTextChars));
        }

        void Data(Utf8JsonWriter json, RequestFields outline)
        {
            var left = MaxDataChars;
            json.WriteStartArray("data"u8);
            foreach (var entry in outline.Entries)
            {
                if (entry.Parent.Length == 0) continue;
                if (left <= 0) break;
                var (key, value) = (Short(request, entry.Name, MaxTextChars), Short(request, entry.Text, MaxTextChars));
                json.WriteStringValue(key);
                json.WriteStringValue(value);
                left -= key.Length + value.Length;
            }

            json.WriteEndArray();
        }
    }

    /// <summary>How the answer was withheld, if it was.</summary>
    public static string? Manner(EmulatorResponse? answer) => answer switch
    {
        null => null,
        { NeverAnswer: true } => "held",
        { CloseConnection: true } => "closed",
        { Delay: not null } => "delayed",
        _ => null,
    };

    private static string? Platform(RequestFields outline) =>
        (outline.Text("advertisingId"), outline.Text("idfa")) switch
        {
            (not null, null) => "Android",
            (null, not null) => "iOS",
            _ => null,
        };

    /// <summary>The same for requests of the same bytes to the same app: the attempts at one event.</summary>
    private static string SameBytes(EmulatorRequest request)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(request.Body.Span, hash);
        return $"{Convert.ToHexString(hash[..6])}-{request.AppId}";
    }

    private string Short(EmulatorRequest request, string text, int chars)
    {
        // Masked first: half of a key would not be found.
        text = mask.Hide(request, text);
        if (text.Length <= chars) return text;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[chars - 1]) ? chars - 1 : chars), "…");
    }
}
