using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Metrix.Client.Mapping;

/// <summary>
/// Writes the compact JSON text that a sequence becomes: <c>["A-1","B-2"]</c>.
/// </summary>
internal sealed class SequenceText
{
    private const int MaxDepth = 16;

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _writer;
    private bool _hasLeftOut;

    public SequenceText()
    {
        // The text is a value within JSON, where what must be escaped is escaped once more.
        _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>
    /// Whether more items would only be cut off again, and so are not worth reading: a sequence may have no end.
    /// </summary>
    public bool IsFull => _writer.BytesCommitted + _writer.BytesPending > 2 * Utf8Limit.MaxBytes;

    public void Begin()
    {
        _hasLeftOut = false;
        _buffer.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartArray();
    }

    /// <summary>Adds a single value. One without a form in JSON becomes null, so that the others keep their places.</summary>
    public void Add(object? value) => _hasLeftOut |= !ValueRules.WriteJson(_writer, value is string text ? Shortened(text) : value);

    /// <summary>Begins an array in the array; false when it lies too deep, and null stands in its place.</summary>
    public bool TryBeginArray()
    {
        if (!HasRoom())
            return false;

        _writer.WriteStartArray();
        return true;
    }

    public void EndArray() => _writer.WriteEndArray();

    /// <summary>Begins an object in the array; false when it lies too deep, and null stands in its place.</summary>
    public bool TryBeginObject()
    {
        if (!HasRoom())
            return false;

        _writer.WriteStartObject();
        return true;
    }

    public void Name(string name) => _writer.WritePropertyName(Shortened(name));

    public void EndObject() => _writer.WriteEndObject();

    public string End(out bool hasLeftOut)
    {
        _writer.WriteEndArray();
        _writer.Flush();
        hasLeftOut = _hasLeftOut;
        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }

    // What is longer would only be cut off again, and the buffer kept at its size.
    private static string Shortened(string text) => text.Length <= 2 * Utf8Limit.MaxBytes ? text : text[..(2 * Utf8Limit.MaxBytes)];

    private bool HasRoom()
    {
        if (_writer.CurrentDepth < MaxDepth)
            return true;

        _writer.WriteNullValue();
        _hasLeftOut = true;
        return false;
    }
}
