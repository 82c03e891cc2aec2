using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Metrix.Client.Mapping;

/// <summary>
/// Writes a sequence as compact JSON text: <c>["A-1","B-2"]</c>.
/// </summary>
/// <param name="redaction">Which values are redacted. In a list, values to be hashed are dropped, too.</param>
internal sealed class JsonArrayText(Redaction redaction)
{
    private const int MaxDepth = 16;

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Stack<string> _paths = new();

    // The text becomes a JSON string, where everything that must be escaped is escaped again.
    private Utf8JsonWriter? _jsonWriter;
    private string _path = "";
    private bool _redactsMembers;
    private bool _hasOmitted;

    private Utf8JsonWriter Writer => _jsonWriter ??= new Utf8JsonWriter(
        _buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>
    /// Gets whether more items would only be truncated, so that they are not read. A sequence may be endless.
    /// </summary>
    public bool IsFull => Writer.BytesCommitted + Writer.BytesPending > 2 * Utf8Limit.MaxBytes;

    /// <summary>Starts a sequence.</summary>
    /// <param name="name">The name of the sequence.</param>
    public void Begin(string name)
    {
        _path = name;
        _paths.Clear();

        // A list that is redacted as a whole is redacted when its text is complete.
        _redactsMembers = !redaction.IsEmpty && !redaction.Hashes(name) && !redaction.Drops(name);
        _hasOmitted = false;
        _buffer.ResetWrittenCount();
        Writer.Reset();
        Writer.WriteStartArray();
    }

    /// <summary>
    /// Adds a single value. A value without a JSON form becomes null, so that the others keep their positions.
    /// </summary>
    public void Add(object? value)
    {
        if (_redactsMembers && (redaction.Drops(_path) || redaction.Hashes(_path)))
            value = null;
        _hasOmitted |= !ValueRules.WriteJson(Writer, value is string text ? Truncate(text) : value);
    }

    /// <summary>Starts a nested array. Returns false, and writes null, if it is too deep.</summary>
    public bool TryBeginArray()
    {
        if (!HasRoom())
            return false;

        Writer.WriteStartArray();
        return true;
    }

    public void EndArray() => Writer.WriteEndArray();

    /// <summary>Starts a nested object. Returns false, and writes null, if it is too deep.</summary>
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
        if (_redactsMembers)
            _path = $"{_paths.Peek()}.{name}";
    }

    public void EndObject()
    {
        Writer.WriteEndObject();
        _path = _paths.Pop();
    }

    public string End(out bool hasOmitted)
    {
        Writer.WriteEndArray();
        Writer.Flush();
        hasOmitted = _hasOmitted;
        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }

    // Longer text would only be truncated later, and the buffer would keep its size.
    private static string Truncate(string text) =>
        text.Length <= 2 * Utf8Limit.MaxBytes ? text : text[..(2 * Utf8Limit.MaxBytes)];

    private bool HasRoom()
    {
        if (Writer.CurrentDepth < MaxDepth)
            return true;

        Writer.WriteNullValue();
        _hasOmitted = true;
        return false;
    }
}
