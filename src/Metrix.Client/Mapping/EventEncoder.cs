using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Metrix.Client.Mapping;

/// <summary>
/// Writes the body of an in-app event. Used by one thread at a time, and again for the next event.
/// </summary>
internal sealed class EventEncoder
{
    /// <summary>A body over this is not sent: in bytes, well over what 50 attributes of full length take.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    // The relaxed encoder leaves Persian as it is; it escapes what JSON itself demands, and the body is never put into HTML.
    private readonly Utf8JsonWriter _writer;

    public EventEncoder() =>
        _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>
    /// Encodes an event that is valid. The array is the event's own and of its exact length: a pooled one could be given
    /// back while a connection still reads it, after an answer that came early, and put one event's bytes into another's
    /// request.
    /// </summary>
    public byte[] Encode(EventBuilder built)
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        WriteField("metrixUserId"u8, built[EventField.MetrixUserId]);
        WriteField("metrixSessionId"u8, built[EventField.MetrixSessionId]);
        WriteField("advertisingId"u8, built[EventField.AdvertisingId]);
        WriteField("idfa"u8, built[EventField.Idfa]);
        WriteField("eventSlug"u8, built.Slug);
        WriteTime(built.Time, built.Rules.TimeUnit);
        WriteAttributes(built.Properties);
        WriteMetrics(built.Properties);
        WriteField("deviceIp"u8, built[EventField.DeviceIp]);
        _writer.WriteEndObject();
        _writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    private void WriteField(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            _writer.WriteString(name, value);
    }

    private void WriteTime(DateTimeOffset time, MetrixEventTimeUnit unit)
    {
        // A text of digits has no form for it, and it is no time of an event: the server takes the moment of receipt.
        if (time < DateTimeOffset.UnixEpoch)
            return;

        Span<char> digits = stackalloc char[20];
        var value = unit == MetrixEventTimeUnit.Seconds ? time.ToUnixTimeSeconds() : time.ToUnixTimeMilliseconds();
        value.TryFormat(digits, out var written, provider: CultureInfo.InvariantCulture);
        _writer.WriteString("eventTime"u8, digits[..written]);
    }

    private void WriteAttributes(IReadOnlyList<EventProperty> properties)
    {
        var isOpen = false;
        for (var i = 0; i < properties.Count; i++)
        {
            if (properties[i].Text is not { } text)
                continue;

            if (!isOpen)
                _writer.WriteStartObject("customAttributes"u8);
            isOpen = true;
            _writer.WriteString(properties[i].Name, text);
        }

        if (isOpen)
            _writer.WriteEndObject();
    }

    private void WriteMetrics(IReadOnlyList<EventProperty> properties)
    {
        var isOpen = false;
        for (var i = 0; i < properties.Count; i++)
        {
            if (properties[i].Text is not null)
                continue;

            if (!isOpen)
                _writer.WriteStartObject("customMetrics"u8);
            isOpen = true;
            _writer.WriteNumber(properties[i].Name, properties[i].Number);
        }

        if (isOpen)
            _writer.WriteEndObject();
    }
}
