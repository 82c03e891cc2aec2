namespace Metrix.Client;

/// <summary>
/// Holds the keys of one app of the Metrix panel. A company's Android app and iOS app are two apps.
/// </summary>
public sealed class MetrixAppOptions
{
    /// <summary>
    /// Gets or sets the app's id in the Metrix panel. Required.
    /// </summary>
    public string? AppId { get; set; }

    /// <summary>
    /// Gets or sets the app's secret dev key, sent without a scheme in the <c>Authorization</c> header. Required. The
    /// library never writes it to a message, an exception or a dump.
    /// </summary>
    public string? DevKey { get; set; }
}
