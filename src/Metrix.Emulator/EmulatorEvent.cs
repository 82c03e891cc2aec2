namespace Metrix.Emulator;

/// <summary>Represents an in-app event that the emulator accepted.</summary>
public sealed class EmulatorEvent
{
    internal EmulatorEvent(EmulatorRequest request) => Request = request;

    /// <summary>Gets the request that carried the event.</summary>
    public EmulatorRequest Request { get; }

    /// <summary>Gets the user id that the mobile SDK assigned.</summary>
    public string MetrixUserId { get; internal init; } = "";

    /// <summary>Gets the session id that the mobile SDK assigned.</summary>
    public string MetrixSessionId { get; internal init; } = "";

    /// <summary>Gets the Google advertising id, or <see langword="null"/> for an iOS device.</summary>
    public string? AdvertisingId { get; internal init; }

    /// <summary>Gets the Apple advertising id, or <see langword="null"/> for an Android device.</summary>
    public string? Idfa { get; internal init; }

    /// <summary>Gets the slug that the panel assigned to the event.</summary>
    public string EventSlug { get; internal init; } = "";

    /// <summary>Gets the digits of the event time as received, or <see langword="null"/> if there were none.</summary>
    public string? EventTime { get; internal init; }

    /// <summary>Gets the end user's address as received, or <see langword="null"/> if there was none.</summary>
    public string? DeviceIp { get; internal init; }

    /// <summary>Gets the attributes. Empty if the event has none.</summary>
    public IReadOnlyDictionary<string, string> CustomAttributes { get; internal init; } =
        new Dictionary<string, string>();

    /// <summary>Gets the metrics. Empty if the event has none.</summary>
    public IReadOnlyDictionary<string, double> CustomMetrics { get; internal init; } =
        new Dictionary<string, double>();

    /// <summary>
    /// Gets the warnings about values that are valid but look wrong, in the order of the fields. Empty if nothing looks
    /// wrong.
    /// </summary>
    public IReadOnlyList<EmulatorWarning> Warnings { get; internal set; } = [];
}
