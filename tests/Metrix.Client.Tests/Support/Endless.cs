using System.Collections;

namespace Metrix.Client.Tests.Support;

/// <summary>Sequences and dictionaries that never end, or end badly.</summary>
internal static class Endless
{
    public static IEnumerable<object?> Of(object? item)
    {
        while (true)
            yield return item;
    }

    public static IEnumerable<KeyValuePair<string, object?>> Members(object? value)
    {
        for (var i = 0; ; i++)
            yield return new($"m{i}", value);
    }

    public static IEnumerable<object?> BreakingAfter(int items)
    {
        for (var i = 0; i < items; i++)
            yield return i;
        throw new InvalidOperationException("the enumerator of the application is broken");
    }

    public static IEnumerable<KeyValuePair<string, object?>> MembersBreakingAfter(int members)
    {
        for (var i = 0; i < members; i++)
            yield return new($"m{i}", i);
        throw new InvalidOperationException("the enumerator of the application is broken");
    }

    /// <summary>A list that holds itself, twice.</summary>
    public static ArrayList ListInItself()
    {
        var list = new ArrayList();
        list.Add(list);
        list.Add(list);
        return list;
    }

    /// <summary>A dictionary that holds itself, twice, and a number.</summary>
    public static Dictionary<string, object?> DictionaryInItself()
    {
        var dictionary = new Dictionary<string, object?> { ["n"] = 1 };
        dictionary["a"] = dictionary;
        dictionary["b"] = dictionary;
        return dictionary;
    }
}
