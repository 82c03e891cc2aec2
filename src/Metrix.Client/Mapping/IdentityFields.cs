namespace Metrix.Client.Mapping;

/// <summary>
/// Maps the values of a <see cref="MetrixIdentity"/> to the fields of an event.
/// </summary>
internal static class IdentityFields
{
    public static IEnumerable<(EventField Field, string? Value)> Fields(this MetrixIdentity identity) =>
    [
        (EventField.MetrixUserId, identity.MetrixUserId),
        (EventField.MetrixSessionId, identity.MetrixSessionId),
        (EventField.AdvertisingId, identity.AdvertisingId),
        (EventField.Idfa, identity.Idfa),
        (EventField.DeviceIp, identity.DeviceIp),
        (EventField.App, identity.App),
    ];
}
