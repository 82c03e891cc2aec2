namespace Metrix.Client.Mapping;

/// <summary>Why a value of an event was left out or shortened. Each is a tag value of the instruments.</summary>
internal enum OmissionReason
{
    /// <summary>It is not finite, is binary, has no meaning as text, or threw while it was read.</summary>
    Unsupported,

    /// <summary>The event has as many attributes as the vendor takes.</summary>
    TooMany,

    /// <summary>Its name is longer than the vendor takes.</summary>
    NameTooLong,

    /// <summary>It lies deeper in the object than is followed.</summary>
    TooDeep,

    /// <summary>It should have been the time of the event, and is none.</summary>
    NotATime,

    /// <summary>Its text was longer than the vendor takes, and is cut.</summary>
    Truncated,
}

/// <summary>A value that was left out or shortened: the name of its property, never the value.</summary>
internal readonly record struct OmittedValue(OmissionReason Reason, string Name);
