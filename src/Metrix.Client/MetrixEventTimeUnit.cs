namespace Metrix.Client;

/// <summary>
/// The unit in which <c>eventTime</c> is sent.
/// </summary>
public enum MetrixEventTimeUnit
{
    /// <summary>
    /// Unix time in milliseconds, thirteen digits today: what the vendor's page has said since 2019-10-06. The default.
    /// </summary>
    Milliseconds,

    /// <summary>
    /// Unix time in seconds, ten digits today: the letter of the vendor's first page, of 2019-10-03.
    /// </summary>
    Seconds,
}
