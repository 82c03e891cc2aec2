using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Metrix.Client.Mapping;

/// <summary>
/// Encodes the body of an in-app event. Used by one thread at a time, and reused for the next event.
/// </summary>
internal sealed class EventEncoder
{
    /// <summary>The maximum size of a body in bytes, well above that of 50 attributes of full length.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    // The relaxed encoder keeps Persian text readable. It escapes what JSON requires; the body is never embedded in
    // HTML.
    private readonly Utf8JsonWriter _writer;

    public EventEncoder()
    {
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        _writer = new Utf8JsonWriter(_buffer, options);
    }

    /// <summary>
    /// Encodes a valid event. The array belongs to the event and has its exact length. A pooled array could be returned
    /// while a connection still reads it, after an early answer, and would put one event's bytes into another's
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
        // A string of digits cannot express it, and it is not the time of an event. The server uses the time of
        // receipt.
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
