namespace Metrix.Client;

/// <summary>
/// The end user whom an event belongs to. Only the phone knows these values; the app hands them to its backend.
/// </summary>
public sealed class MetrixIdentity
{
    /// <summary>
    /// The user's id, from the mobile SDK's <c>setOnReceiveUserIdListener</c>. Required.
    /// </summary>
    public string? MetrixUserId { get; init; }

    /// <summary>
    /// The session's id, from the mobile SDK's <c>setOnSessionIdListener</c>. Required.
    /// </summary>
    public string? MetrixSessionId { get; init; }

    /// <summary>
    /// The Google advertising id: the event belongs to an Android device. Exactly one of this and <see cref="Idfa"/>.
    /// </summary>
    public string? AdvertisingId { get; init; }

    /// <summary>
    /// The Apple advertising id: the event belongs to an iOS device. Exactly one of this and <see cref="AdvertisingId"/>.
    /// </summary>
    public string? Idfa { get; init; }

    /// <summary>
    /// The IP address of the end user's device, not of the server. Optional.
    /// </summary>
    public string? DeviceIp { get; init; }
}
