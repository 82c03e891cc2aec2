using System.Collections.Frozen;

namespace Metrix.Emulator.Validation;

/// <summary>Finds the warnings about an accepted event, in the order of its fields.</summary>
internal sealed class EventWarnings(FrozenDictionary<string, string> eventNames)
{
    private const int SlugLength = 5;

    public IReadOnlyList<EmulatorWarning> Find(EmulatorEvent received)
    {
        List<EmulatorWarning>? warnings = null;
        Add(CheckDeviceId("advertisingId", received.AdvertisingId));
        Add(CheckDeviceId("idfa", received.Idfa));
        Add(CheckSlug(received.EventSlug));
        Add(EventTimeWarning.Find(received.EventTime, received.Request.ReceivedAt));
        foreach (var warning in CustomDataWarnings.Find(received)) Add(warning);
        return warnings is null ? [] : warnings;

        void Add(EmulatorWarning? warning)
        {
            if (warning is not null) (warnings ??= []).Add(warning);
        }
    }

    private static EmulatorWarning? CheckDeviceId(string field, string? id) =>
        id is not null && id.All(letter => letter is '0' or '-')
            ? new(
                field, "is all zeros; the device withholds its advertising id",
                "Metrix cannot attribute this event to an installation. The user has limited ad tracking. " +
                "Send the id that the SDK gives to the app, if it has another.")
            : null;

    private EmulatorWarning? CheckSlug(string slug)
    {
        if (eventNames.ContainsKey(slug)) return null;
        if (eventNames.Count > 0)
            return new(
                "eventSlug", "is not one of the slugs that this emulator knows",
                "Compare it letter by letter with the panel and with the slug map of the sink.");
        return slug.Length == SlugLength && slug.All(char.IsAsciiLetterLower)
            ? null
            : new(
                "eventSlug", "does not look like a slug of the panel: five lowercase letters, such as taqsq",
                "Send the slug that the panel assigned to the event, not the name of the event. " +
                "The slug map of the sink turns names into slugs.");
    }
}
