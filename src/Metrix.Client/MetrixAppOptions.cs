namespace Metrix.Client;

/// <summary>
/// One app of the Metrix panel: an Android app and an iOS app of one company are two apps.
/// </summary>
public sealed class MetrixAppOptions
{
    /// <summary>
    /// The app's id in the Metrix panel. Required.
    /// </summary>
    public string? AppId { get; set; }

    /// <summary>
    /// The app's secret key, sent bare in the <c>Authorization</c> header. Required. It stands in no message, exception
    /// or dump of this library.
    /// </summary>
    public string? DevKey { get; set; }
}
