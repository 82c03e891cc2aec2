namespace Metrix.Client.Mapping;

/// <summary>Specifies a field of an in-app event that is read from its own property.</summary>
internal enum EventField
{
    MetrixUserId,
    MetrixSessionId,
    AdvertisingId,
    Idfa,
    DeviceIp,
    EventTime,
    App,
}

/// <summary>
/// Holds the names of properties, tags and attributes that have a meaning for Metrix and are never sent as attributes.
/// </summary>
internal static class FieldNames
{
    /// <summary>The property that makes a record an event.</summary>
    public const string Slug = "metrix.slug";

    /// <summary>The same property, for names that must not contain a dot.</summary>
    public const string SlugPascalCase = "MetrixSlug";

    // The standard names of each field, in order of preference.
    private static readonly (EventField Field, string Key, string Name, string PascalCase)[] Standard =
    [
        (EventField.MetrixUserId, "metrixUserId", "metrix.user_id", "MetrixUserId"),
        (EventField.MetrixSessionId, "metrixSessionId", "metrix.session_id", "MetrixSessionId"),
        (EventField.AdvertisingId, "advertisingId", "metrix.advertising_id", "MetrixAdvertisingId"),
        (EventField.Idfa, "idfa", "metrix.idfa", "MetrixIdfa"),
        (EventField.DeviceIp, "deviceIp", "metrix.device_ip", "MetrixDeviceIp"),
        (EventField.EventTime, "eventTime", "metrix.event_time", "MetrixEventTime"),
        (EventField.App, "app", "metrix.app", "MetrixApp"),
    ];

    /// <summary>Gets the keys of the setting <c>Fields</c>.</summary>
    public static IReadOnlyList<string> FieldKeys { get; } = [.. Standard.Select(field => field.Key)];

    /// <summary>Returns the key of a field in the setting <c>Fields</c>.</summary>
    public static string KeyOf(EventField field) => Standard[(int)field].Key;

    /// <summary>Returns the standard name of a field.</summary>
    public static string NameOf(EventField field) => Standard[(int)field].Name;

    /// <summary>
    /// Returns all names that <paramref name="field"/> is read from, in order of preference.
    /// </summary>
    public static IEnumerable<string> NamesOf(EventField field, IDictionary<string, string> renamed)
    {
        var standard = Standard[(int)field];
        if (renamed.TryGetValue(standard.Key, out var configured))
            yield return configured;
        yield return standard.Name;
        yield return standard.PascalCase;
    }
}
