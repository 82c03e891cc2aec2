namespace Metrix.Emulator.Validation;

/// <summary>Collects the fields of an event while its body is parsed.</summary>
internal sealed class ParsedEvent
{
    /// <summary>Gets the text fields of the event by name, without the attributes.</summary>
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, double> Metrics { get; } = new(StringComparer.Ordinal);

    /// <summary>Creates the event. Call it only after validation: the required fields must be present.</summary>
    public EmulatorEvent ToEvent(EmulatorRequest request) => new(request)
    {
        MetrixUserId = Texts["metrixUserId"],
        MetrixSessionId = Texts["metrixSessionId"],
        AdvertisingId = Texts.GetValueOrDefault("advertisingId"),
        Idfa = Texts.GetValueOrDefault("idfa"),
        EventSlug = Texts["eventSlug"],
        EventTime = Texts.GetValueOrDefault("eventTime"),
        DeviceIp = Texts.GetValueOrDefault("deviceIp"),
        CustomAttributes = Attributes.AsReadOnly(),
        CustomMetrics = Metrics.AsReadOnly(),
    };
}
