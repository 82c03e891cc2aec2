namespace Metrix.Client.Mapping;

/// <summary>Specifies why an event is invalid. Each is a tag value of the instruments.</summary>
internal enum InvalidReason
{
    None,
    SlugMissing,
    UserIdMissing,
    SessionIdMissing,
    AdvertisingIdMissing,
    AdvertisingIdAmbiguous,
    AppUnknown,
    TooLarge,
    Unreadable,
}

/// <summary>
/// Finds events that the vendor is known to reject, before they are queued.
/// </summary>
internal static class EventValidator
{
    // Longer than any real id. The vendor would reject the body.
    private const int MaxCharacters = 4096;

    public static InvalidReason Check(EventBuilder built) => built switch
    {
        _ when built.Slug.Length > MaxCharacters || built.LongestField > MaxCharacters =>
            InvalidReason.TooLarge,
        _ when string.IsNullOrWhiteSpace(built.Slug) => InvalidReason.SlugMissing,
        _ when built[EventField.MetrixUserId] is null => InvalidReason.UserIdMissing,
        _ when built[EventField.MetrixSessionId] is null => InvalidReason.SessionIdMissing,
        _ => (built[EventField.AdvertisingId], built[EventField.Idfa]) switch
        {
            (null, null) => InvalidReason.AdvertisingIdMissing,
            (not null, not null) => InvalidReason.AdvertisingIdAmbiguous,
            _ => InvalidReason.None,
        },
    };

    /// <summary>Describes what is wrong and what to do, without any value of the event.</summary>
    public static string Describe(InvalidReason reason) => reason switch
    {
        InvalidReason.SlugMissing => $"it has no slug: {FieldNames.Slug} is empty",
        InvalidReason.UserIdMissing => Missing(EventField.MetrixUserId),
        InvalidReason.SessionIdMissing => Missing(EventField.MetrixSessionId),
        InvalidReason.AdvertisingIdMissing =>
            $"it has neither {FieldNames.NameOf(EventField.AdvertisingId)} nor {FieldNames.NameOf(EventField.Idfa)}; " +
            "exactly one is required",
        InvalidReason.AdvertisingIdAmbiguous =>
            $"it has both {FieldNames.NameOf(EventField.AdvertisingId)} and {FieldNames.NameOf(EventField.Idfa)}; " +
            "exactly one is required",
        InvalidReason.AppUnknown =>
            $"its app is not configured: {FieldNames.NameOf(EventField.App)} names an unknown app, or is missing and " +
            "no app is named \"android\" or \"ios\" after its advertising id",
        InvalidReason.TooLarge => "its properties are too large for one request",
        _ => "its properties could not be read",
    };

    private static string Missing(EventField field) =>
        $"it has no {FieldNames.NameOf(field)}; add it to the record, its scope or context, or name the property " +
        "that holds it under Fields";
}
