namespace Metrix.Client;

/// <summary>
/// Specifies the unit of <c>eventTime</c>.
/// </summary>
public enum MetrixEventTimeUnit
{
    /// <summary>
    /// Unix time in milliseconds. The default, as on the vendor's page since 2019-10-06.
    /// </summary>
    Milliseconds,

    /// <summary>
    /// Unix time in seconds, as on the vendor's first page of 2019-10-03.
    /// </summary>
    Seconds,
}
