using Metrix.Client.Mapping;

namespace Metrix.AspNetCore.Identity;

/// <summary>
/// The shapes in which ids are known to come. Headers come from outside: nothing else of them is taken.
/// </summary>
internal static class IdentityShape
{
    private const int MostCharacters = 128;

    public static bool IsKnown(EventField field, string value) => field switch
    {
        // Guid.TryParseExact alone would take spaces around it.
        EventField.AdvertisingId or EventField.Idfa => value.Length == 36 && Guid.TryParseExact(value, "D", out _),
        _ => value.Length is > 0 and <= MostCharacters && IsPlain(value),
    };

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
