using Metrix.Emulator.Validation;

namespace Metrix.Emulator;

/// <summary>An in-app event that was accepted.</summary>
public sealed class EmulatorEvent
{
    /// <summary>For a draft that passed validation: the required texts are there.</summary>
    internal EmulatorEvent(EmulatorRequest request, EventDraft draft, Warnings warnings)
    {
        Request = request;
        MetrixUserId = draft.Texts["metrixUserId"];
        MetrixSessionId = draft.Texts["metrixSessionId"];
        AdvertisingId = draft.Texts.GetValueOrDefault("advertisingId");
        Idfa = draft.Texts.GetValueOrDefault("idfa");
        EventSlug = draft.Texts["eventSlug"];
        EventTime = draft.Texts.GetValueOrDefault("eventTime");
        DeviceIp = draft.Texts.GetValueOrDefault("deviceIp");
        CustomAttributes = draft.Attributes.AsReadOnly();
        CustomMetrics = draft.Metrics.AsReadOnly();
        Warnings = warnings.Of(this);
    }

    /// <summary>The request that carried it.</summary>
    public EmulatorRequest Request { get; }

    /// <summary>The user, as the mobile SDK named it.</summary>
    public string MetrixUserId { get; }

    /// <summary>The session, as the mobile SDK named it.</summary>
    public string MetrixSessionId { get; }

    /// <summary>The Google advertising id; <see langword="null"/> for an iOS device.</summary>
    public string? AdvertisingId { get; }

    /// <summary>The Apple advertising id; <see langword="null"/> for an Android device.</summary>
    public string? Idfa { get; }

    /// <summary>The slug that the panel gave the event.</summary>
    public string EventSlug { get; }

    /// <summary>The digits as they came; <see langword="null"/> when the client left the time to the server.</summary>
    public string? EventTime { get; }

    /// <summary>The end user's address as it came, or <see langword="null"/>.</summary>
    public string? DeviceIp { get; }

    /// <summary>The attributes; empty when there were none.</summary>
    public IReadOnlyDictionary<string, string> CustomAttributes { get; }

    /// <summary>The metrics; empty when there were none.</summary>
    public IReadOnlyDictionary<string, double> CustomMetrics { get; }

    /// <summary>What passes but looks wrong, in the order of the fields; empty when all is well.</summary>
    public IReadOnlyList<EmulatorWarning> Warnings { get; }
}
