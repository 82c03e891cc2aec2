using System.Collections;

namespace Metrix.Client.Mapping;

/// <summary>
/// Adds plain objects to an <see cref="EventBuilder"/>: dictionaries are flattened, other sequences become JSON. The
/// members of other types are read only where the application's code asks for it.
/// </summary>
internal static class ObjectReader
{
    /// <summary>Adds a value of any type.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name of the value.</param>
    /// <param name="value">The value.</param>
    /// <param name="readsMembers">Whether objects of the application's own types are read member by member.</param>
    public static void Add(EventBuilder builder, string name, object? value, bool readsMembers = false)
    {
        try
        {
            switch (value)
            {
                case string or byte[] or ArraySegment<byte>:
                    builder.Add(name, value);
                    break;
                case not null when GetMembers(value, readsMembers) is { } members:
                    if (builder.TryEnter(name))
                        AddMembers(builder, members, readsMembers);
                    break;
                case IEnumerable sequence when builder.TryBeginSequence(name, out var text):
                    AddItems(text, sequence, readsMembers);
                    builder.EndSequence(name);
                    break;
                case IEnumerable:
                    break;
                default:
                    builder.Add(name, value);
                    break;
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // An enumerator of the application threw. Its property is lost, the event is not.
            builder.AddUnreadable(name);
        }
    }

    /// <summary>
    /// Adds the members of the event's own object, which keep their names.
    /// </summary>
    /// <returns>False if the object is a single value, or its members are not read.</returns>
    public static bool TryAddMembers(EventBuilder builder, string name, object value, bool readsMembers)
    {
        try
        {
            if (GetMembers(value, readsMembers) is not { } members)
                return false;

            if (builder.TryEnter(null))
                AddMembers(builder, members, readsMembers);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            builder.AddUnreadable(name);
        }

        return true;
    }

    /// <summary>Returns the members of an object, or null if it has none.</summary>
    public static IEnumerable<(string Name, object? Value)>? GetMembers(object value, bool readsMembers) => value switch
    {
        IEnumerable<KeyValuePair<string, object?>> pairs => pairs.Select(pair => (pair.Key, pair.Value)),
        IEnumerable<KeyValuePair<string, string>> pairs => pairs.Select(pair => (pair.Key, (object?)pair.Value)),
        IDictionary dictionary => Entries(dictionary),
        IEnumerable => null,
        _ when readsMembers => ObjectMembers.TryRead(value),
        _ => null,
    };

    private static void AddMembers(
        EventBuilder builder, IEnumerable<(string Name, object? Value)> members, bool readsMembers)
    {
        try
        {
            foreach (var (name, value) in members)
            {
                if (builder.IsFull)
                    break;
                Add(builder, name, value, readsMembers);
            }
        }
        finally
        {
            builder.Leave();
        }
    }

    private static void AddItems(JsonArrayText text, IEnumerable items, bool readsMembers)
    {
        foreach (var item in items)
        {
            if (text.IsFull)
                break;
            AddItem(text, item, readsMembers);
        }
    }

    private static void AddItem(JsonArrayText text, object? item, bool readsMembers)
    {
        switch (item)
        {
            case string or byte[] or ArraySegment<byte>:
                text.Add(item);
                break;
            case not null when GetMembers(item, readsMembers) is { } members:
                if (text.TryBeginObject())
                {
                    foreach (var (name, value) in members)
                    {
                        if (text.IsFull)
                            break;
                        text.Name(name);
                        AddItem(text, value, readsMembers);
                    }

                    text.EndObject();
                }

                break;
            case IEnumerable inner:
                if (text.TryBeginArray())
                {
                    AddItems(text, inner, readsMembers);
                    text.EndArray();
                }

                break;
            default:
                text.Add(item);
                break;
        }
    }

    private static IEnumerable<(string Name, object? Value)> Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
        {
            if (ValueRules.Map(entry.Key, asAttribute: true) is { Kind: MappedKind.Attribute, Text: { } key })
                yield return (key, entry.Value);
        }
    }
}
