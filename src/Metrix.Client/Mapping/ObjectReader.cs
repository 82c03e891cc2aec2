using System.Collections;

namespace Metrix.Client.Mapping;

/// <summary>
/// Pushes plain objects into an <see cref="EventBuilder"/>: dictionaries are flattened, other sequences become JSON. It
/// needs no reflection, and so reads no members of other types.
/// </summary>
internal static class ObjectReader
{
    public static void Add(EventBuilder builder, string name, object? value)
    {
        try
        {
            switch (value)
            {
                case string or byte[] or ArraySegment<byte>:
                    builder.Add(name, value);
                    break;
                case IDictionary or IEnumerable<KeyValuePair<string, object?>> or IEnumerable<KeyValuePair<string, string>>:
                    AddMembers(builder, name, (IEnumerable)value);
                    break;
                case IEnumerable sequence when builder.TryBeginSequence(name, out var text):
                    AddItems(text, sequence);
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

    private static void AddMembers(EventBuilder builder, string name, IEnumerable members)
    {
        if (!builder.TryEnter(name))
            return;

        try
        {
            foreach (var (key, value) in Pairs(members))
            {
                if (builder.IsFull)
                    break;
                Add(builder, key, value);
            }
        }
        finally
        {
            builder.Leave();
        }
    }

    private static void AddItems(SequenceText text, IEnumerable items)
    {
        foreach (var item in items)
        {
            if (text.IsFull)
                break;
            AddItem(text, item);
        }
    }

    private static void AddItem(SequenceText text, object? item)
    {
        switch (item)
        {
            case string or byte[] or ArraySegment<byte>:
                text.Add(item);
                break;
            case IDictionary or IEnumerable<KeyValuePair<string, object?>> or IEnumerable<KeyValuePair<string, string>>:
                if (text.TryBeginObject())
                {
                    foreach (var (key, value) in Pairs((IEnumerable)item))
                    {
                        if (text.IsFull)
                            break;
                        text.Name(key);
                        AddItem(text, value);
                    }

                    text.EndObject();
                }

                break;
            case IEnumerable inner:
                if (text.TryBeginArray())
                {
                    AddItems(text, inner);
                    text.EndArray();
                }

                break;
            default:
                text.Add(item);
                break;
        }
    }

    private static IEnumerable<(string Key, object? Value)> Pairs(IEnumerable members) => members switch
    {
        IEnumerable<KeyValuePair<string, object?>> pairs => pairs.Select(pair => (pair.Key, pair.Value)),
        IEnumerable<KeyValuePair<string, string>> pairs => pairs.Select(pair => (pair.Key, (object?)pair.Value)),
        IDictionary dictionary => Entries(dictionary),
        _ => [],
    };

    private static IEnumerable<(string Key, object? Value)> Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
        {
            if (ValueRules.Map(entry.Key, asAttribute: true) is { Kind: MappedKind.Attribute, Text: { } key })
                yield return (key, entry.Value);
        }
    }
}
