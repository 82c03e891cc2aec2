using System.Collections;

namespace Metrix.Client.Mapping;

/// <summary>
/// Pushes plain objects into an <see cref="EventBuilder"/>: dictionaries are flattened, other sequences become JSON.
/// Members of other types are read only where the application's code asks for it.
/// </summary>
internal static class ObjectReader
{
    /// <param name="builder">What it is pushed into.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value, of any type.</param>
    /// <param name="takesApart">Whether objects of the application's own types are read member by member.</param>
    public static void Add(EventBuilder builder, string name, object? value, bool takesApart = false)
    {
        try
        {
            switch (value)
            {
                case string or byte[] or ArraySegment<byte>:
                    builder.Add(name, value);
                    break;
                case not null when TryMembers(value, takesApart) is { } members:
                    if (builder.TryEnter(name))
                        AddMembers(builder, members, takesApart);
                    break;
                case IEnumerable sequence when builder.TryBeginSequence(name, out var text):
                    AddItems(text, sequence, takesApart);
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
            // An enumerator of the application threw: its property is lost, the event is not.
            builder.AddUnreadable(name);
        }
    }

    /// <summary>
    /// Pushes the members of the object that the event is of, which keep their names.
    /// </summary>
    /// <returns>False when the object is a single value, or is not to be taken apart.</returns>
    public static bool TryAddMembers(EventBuilder builder, string name, object value, bool takesApart)
    {
        try
        {
            if (TryMembers(value, takesApart) is not { } members)
                return false;

            if (builder.TryEnter(null))
                AddMembers(builder, members, takesApart);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            builder.AddUnreadable(name);
        }

        return true;
    }

    /// <summary>The members of an object by their names, or null when it has none.</summary>
    public static IEnumerable<(string Name, object? Value)>? TryMembers(object value, bool takesApart) => value switch
    {
        IEnumerable<KeyValuePair<string, object?>> pairs => pairs.Select(pair => (pair.Key, pair.Value)),
        IEnumerable<KeyValuePair<string, string>> pairs => pairs.Select(pair => (pair.Key, (object?)pair.Value)),
        IDictionary dictionary => Entries(dictionary),
        IEnumerable => null,
        _ when takesApart => ObjectMembers.TryRead(value),
        _ => null,
    };

    private static void AddMembers(EventBuilder builder, IEnumerable<(string Name, object? Value)> members, bool takesApart)
    {
        try
        {
            foreach (var (name, value) in members)
            {
                if (builder.IsFull)
                    break;
                Add(builder, name, value, takesApart);
            }
        }
        finally
        {
            builder.Leave();
        }
    }

    private static void AddItems(JsonArrayText text, IEnumerable items, bool takesApart)
    {
        foreach (var item in items)
        {
            if (text.IsFull)
                break;
            AddItem(text, item, takesApart);
        }
    }

    private static void AddItem(JsonArrayText text, object? item, bool takesApart)
    {
        switch (item)
        {
            case string or byte[] or ArraySegment<byte>:
                text.Add(item);
                break;
            case not null when TryMembers(item, takesApart) is { } members:
                if (text.TryBeginObject())
                {
                    foreach (var (name, value) in members)
                    {
                        if (text.IsFull)
                            break;
                        text.Name(name);
                        AddItem(text, value, takesApart);
                    }

                    text.EndObject();
                }

                break;
            case IEnumerable inner:
                if (text.TryBeginArray())
                {
                    AddItems(text, inner, takesApart);
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
