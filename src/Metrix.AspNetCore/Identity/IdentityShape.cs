using Metrix.Client.Mapping;

namespace Metrix.AspNetCore.Identity;

/// <summary>
/// The shapes in which ids are known to come. Headers come from outside: nothing else of them is taken.
/// </summary>
internal static class IdentityShape
{
    private const int MaxCharacters = 128;

    public static bool IsKnown(EventField field, string value) => field switch
    {
        EventField.AdvertisingId or EventField.Idfa => IsGuid(value),
        _ => value.Length is > 0 and <= MaxCharacters && IsPlain(value),
    };

    // Guid's own parser takes signs and prefixes within the groups.
    private static bool IsGuid(string value)
    {
        if (value.Length != 36)
            return false;

        for (var i = 0; i < value.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? value[i] != '-' : !char.IsAsciiHexDigit(value[i]))
                return false;
        }

        return true;
    }

    private static bool IsPlain(string value)
    {
        foreach (var character in value)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or ':' or '-'))
                return false;
        }

        return true;
    }
}
