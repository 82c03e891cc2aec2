namespace Metrix.Client.Mapping;

/// <summary>A field of an in-app event that comes from a property of its own.</summary>
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
/// The names of properties, tags and attributes that mean something to Metrix, and so never appear among an event's own.
/// </summary>
internal static class FieldNames
{
    /// <summary>What makes a record an event.</summary>
    public const string Slug = "metrix.slug";

    /// <summary><see cref="Slug"/>, for places where a dot is not allowed.</summary>
    public const string SlugPascalCase = "MetrixSlug";

    /// <summary>The standard names of each field, the first that is found wins.</summary>
    private static readonly (EventField Field, string Key, string Name, string WithoutDot)[] Standard =
    [
        (EventField.MetrixUserId, "metrixUserId", "metrix.user_id", "MetrixUserId"),
        (EventField.MetrixSessionId, "metrixSessionId", "metrix.session_id", "MetrixSessionId"),
        (EventField.AdvertisingId, "advertisingId", "metrix.advertising_id", "MetrixAdvertisingId"),
        (EventField.Idfa, "idfa", "metrix.idfa", "MetrixIdfa"),
        (EventField.DeviceIp, "deviceIp", "metrix.device_ip", "MetrixDeviceIp"),
        (EventField.EventTime, "eventTime", "metrix.event_time", "MetrixEventTime"),
        (EventField.App, "app", "metrix.app", "MetrixApp"),
    ];

    /// <summary>How the setting <c>Fields</c> calls them.</summary>
    public static IReadOnlyList<string> FieldKeys { get; } = [.. Standard.Select(field => field.Key)];

    /// <summary>How the setting <c>Fields</c>, and the JSON of an identity, call a field.</summary>
    public static string KeyOf(EventField field) => Standard[(int)field].Key;

    /// <summary>The standard name of a field, for messages.</summary>
    public static string NameOf(EventField field) => Standard[(int)field].Name;

    /// <summary>
    /// All names that <paramref name="field"/> is read from, the preferred first.
    /// </summary>
    public static IEnumerable<string> NamesOf(EventField field, IDictionary<string, string> renamed)
    {
        var standard = Standard[(int)field];
        if (renamed.TryGetValue(standard.Key, out var own))
            yield return own;
        yield return standard.Name;
        yield return standard.WithoutDot;
    }
}
