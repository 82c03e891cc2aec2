using System.Collections.Frozen;

namespace Metrix.Emulator.Validation;

/// <summary>All remarks on an event that was accepted, in the order of its fields.</summary>
internal sealed class Warnings(FrozenDictionary<string, string> eventNames)
{
    private const int SlugLength = 5;

    public IReadOnlyList<EmulatorWarning> Of(EmulatorEvent received)
    {
        List<EmulatorWarning>? warnings = null;
        Add(Device("advertisingId", received.AdvertisingId));
        Add(Device("idfa", received.Idfa));
        Add(Slug(received.EventSlug));
        Add(EventTimeWarning.Of(received.EventTime, received.Request.ReceivedAt));
        foreach (var warning in DataWarnings.Of(received)) Add(warning);
        return warnings is null ? [] : warnings;

        void Add(EmulatorWarning? warning)
        {
            if (warning is not null) (warnings ??= []).Add(warning);
        }
    }

    private static EmulatorWarning? Device(string field, string? id) =>
        id is not null && id.All(letter => letter is '0' or '-')
            ? new(
                field, "is all zeros: the device gives no advertising id",
                "Nothing ties this event to an installation. The user has limited ad tracking; send the id that the SDK of the app gives, if there is another.")
            : null;

    private EmulatorWarning? Slug(string slug)
    {
        if (eventNames.ContainsKey(slug)) return null;
        if (eventNames.Count > 0)
            return new(
                "eventSlug", "is none of the slugs that this emulator was told of",
                "Compare it with the panel, letter by letter, and with the slug map of the sink.");
        return slug.Length == SlugLength && slug.All(char.IsAsciiLetterLower)
            ? null
            : new(
                "eventSlug", "is not of the known shape: a slug of the panel is five small letters, such as taqsq",
                "Send the slug that the panel gave the event, not its name: the sink's slug map turns one into the other.");
    }
}
