using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Metrix.Client.Mapping;

/// <summary>
/// Writes the compact JSON text that a sequence becomes: <c>["A-1","B-2"]</c>.
/// </summary>
/// <param name="redaction">What must not leave as it is. In a list a hash has no place: what would be hashed is dropped.</param>
internal sealed class JsonArrayText(Redaction redaction)
{
    private const int MaxDepth = 16;

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Stack<string> _paths = new();

    // The text is a value within JSON, where what must be escaped is escaped once more.
    private Utf8JsonWriter? _jsonWriter;
    private string _path = "";
    private bool _looksAtMembers;
    private bool _hasLeftOut;

    private Utf8JsonWriter Writer => _jsonWriter ??= new Utf8JsonWriter(
        _buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>
    /// Whether more items would only be cut off again, and so are not worth reading: a sequence may have no end.
    /// </summary>
    public bool IsFull => Writer.BytesCommitted + Writer.BytesPending > 2 * Utf8Limit.MaxBytes;

    /// <param name="name">The name of the sequence.</param>
    public void Begin(string name)
    {
        _path = name;
        _paths.Clear();

        // A list that is redacted as a whole is so when its text is there.
        _looksAtMembers = !redaction.IsEmpty && !redaction.Hashes(name) && !redaction.Drops(name);
        _hasLeftOut = false;
        _buffer.ResetWrittenCount();
        Writer.Reset();
        Writer.WriteStartArray();
    }

    /// <summary>Adds a single value. One without a form in JSON becomes null, so that the others keep their places.</summary>
    public void Add(object? value)
    {
        if (_looksAtMembers && (redaction.Drops(_path) || redaction.Hashes(_path)))
            value = null;
        _hasLeftOut |= !ValueRules.WriteJson(Writer, value is string text ? Truncate(text) : value);
    }

    /// <summary>Begins an array in the array; false when it lies too deep, and null stands in its place.</summary>
    public bool TryBeginArray()
    {
        if (!HasRoom())
            return false;

        Writer.WriteStartArray();
        return true;
    }

    public void EndArray() => Writer.WriteEndArray();

    /// <summary>Begins an object in the array; false when it lies too deep, and null stands in its place.</summary>
    public bool TryBeginObject()
    {
        if (!HasRoom())
            return false;

        Writer.WriteStartObject();
        _paths.Push(_path);
        return true;
    }

    public void Name(string name)
    {
        Writer.WritePropertyName(Truncate(name));
        if (_looksAtMembers)
            _path = $"{_paths.Peek()}.{name}";
    }

    public void EndObject()
    {
        Writer.WriteEndObject();
        _path = _paths.Pop();
    }

    public string End(out bool hasLeftOut)
    {
        Writer.WriteEndArray();
        Writer.Flush();
        hasLeftOut = _hasLeftOut;
        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }

    // What is longer would only be cut off again, and the buffer kept at its size.
    private static string Truncate(string text) => text.Length <= 2 * Utf8Limit.MaxBytes ? text : text[..(2 * Utf8Limit.MaxBytes)];

    private bool HasRoom()
    {
        if (Writer.CurrentDepth < MaxDepth)
            return true;

        Writer.WriteNullValue();
        _hasLeftOut = true;
        return false;
    }
}
