using System.Diagnostics;
using Metrix.Client;

namespace Metrix.OpenTelemetry.Exporter.Tests.Support;

/// <summary>Provides ids, and the identity of an end user in several forms.</summary>
internal static class TestData
{
    public const string UserId = "1415211453000-6513894";
    public const string SessionId = "0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c001";
    public const string AdvertisingId = "38400000-8cf0-11bd-b23e-10b96e40000d";
    public const string Idfa = "EA7583CD-A667-48BC-B806-42ECB2B48606";

    /// <summary>Creates an app id that no other test uses.</summary>
    public static string AppId() => $"app-{Guid.NewGuid():N}";

    public static MetrixIdentity Identity() =>
        new() { MetrixUserId = UserId, MetrixSessionId = SessionId, AdvertisingId = AdvertisingId };

    /// <summary>Sets the ids of the end user as tags of an activity.</summary>
    public static Activity WithIdentity(this Activity activity) => activity
        .SetTag("metrix.user_id", UserId)
        .SetTag("metrix.session_id", SessionId)
        .SetTag("metrix.advertising_id", AdvertisingId);

    /// <summary>Creates the ids of the end user as attributes of a log record or as a scope.</summary>
    public static Dictionary<string, object?> IdentityAttributes() => new()
    {
        ["metrix.user_id"] = UserId,
        ["metrix.session_id"] = SessionId,
        ["metrix.advertising_id"] = AdvertisingId,
    };
}
