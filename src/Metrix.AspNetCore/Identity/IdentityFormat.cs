using Metrix.Client.Mapping;

namespace Metrix.AspNetCore.Identity;

/// <summary>
/// Validates ids from requests. Headers come from outside, so only values in the documented formats are accepted.
/// </summary>
internal static class IdentityFormat
{
    private const int MaxCharacters = 128;

    public static bool IsValid(EventField field, string value) => field switch
    {
        EventField.AdvertisingId or EventField.Idfa => IsGuid(value),
        _ => value.Length is > 0 and <= MaxCharacters && HasOnlyIdCharacters(value),
    };

    // The parser of Guid is too lenient: it accepts signs and prefixes within the groups.
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

    private static bool HasOnlyIdCharacters(string value)
    {
        foreach (var character in value)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or ':' or '-'))
                return false;
        }

        return true;
    }
}
