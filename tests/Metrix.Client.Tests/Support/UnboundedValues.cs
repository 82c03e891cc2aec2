using System.Collections;

namespace Metrix.Client.Tests.Support;

/// <summary>Creates sequences and dictionaries that never end, throw, or contain themselves.</summary>
internal static class UnboundedValues
{
    public static IEnumerable<object?> Sequence(object? item)
    {
        while (true)
            yield return item;
    }

    public static IEnumerable<KeyValuePair<string, object?>> Dictionary(object? value)
    {
        for (var i = 0; ; i++)
            yield return new($"m{i}", value);
    }

    public static IEnumerable<object?> SequenceThrowingAfter(int items)
    {
        for (var i = 0; i < items; i++)
            yield return i;
        throw new InvalidOperationException("the enumerator failed");
    }

    public static IEnumerable<KeyValuePair<string, object?>> DictionaryThrowingAfter(int members)
    {
        for (var i = 0; i < members; i++)
            yield return new($"m{i}", i);
        throw new InvalidOperationException("the enumerator failed");
    }

    /// <summary>Creates a list that contains itself twice.</summary>
    public static ArrayList SelfReferencingList()
    {
        var list = new ArrayList();
        list.Add(list);
        list.Add(list);
        return list;
    }

    /// <summary>Creates a dictionary that contains a number, and itself twice.</summary>
    public static Dictionary<string, object?> SelfReferencingDictionary()
    {
        var dictionary = new Dictionary<string, object?> { ["n"] = 1 };
        dictionary["a"] = dictionary;
        dictionary["b"] = dictionary;
        return dictionary;
    }
}
