namespace Metrix.Client.Mapping;

/// <summary>
/// Specifies why a value was omitted from an event or truncated. Each is a tag value of the instruments.
/// </summary>
internal enum OmissionReason
{
    /// <summary>The value is not finite, is binary, has no meaning as text, or threw while it was read.</summary>
    Unsupported,

    /// <summary>The event already has as many attributes as the vendor accepts.</summary>
    TooMany,

    /// <summary>The name is longer than the vendor accepts.</summary>
    NameTooLong,

    /// <summary>The value is deeper in an object than objects are read.</summary>
    TooDeep,

    /// <summary>The value should be the time of the event and is not one.</summary>
    NotATime,

    /// <summary>The text is longer than the vendor accepts, and was truncated.</summary>
    Truncated,
}

/// <summary>
/// Represents a value that was omitted or truncated, by the name of its property, never by its value.
/// </summary>
internal readonly record struct OmittedValue(OmissionReason Reason, string Name)
{
    /// <summary>Describes what happened to a value, as the end of a sentence.</summary>
    public static string Describe(OmissionReason reason) => reason switch
    {
        OmissionReason.Truncated => $"truncated to {Utf8Limit.MaxBytes} bytes",
        OmissionReason.TooMany => $"omitted: an event has at most {EventBuilder.MaxAttributes} attributes",
        OmissionReason.NameTooLong => $"omitted: a name has at most {Utf8Limit.MaxBytes} bytes",
        OmissionReason.TooDeep => "omitted: it is too deep in its object",
        OmissionReason.NotATime =>
            "not used as the event's time: it is neither a date and time nor Unix milliseconds",
        _ => "omitted: it cannot be sent as a number or text",
    };
}
