using System.Diagnostics;
using Metrix.Tests.Support;

namespace Metrix.OpenTelemetry.Exporter.Tests.Support;

/// <summary>Provides the ids of an end user for OpenTelemetry.</summary>
internal static class TestData
{
    /// <summary>Sets the ids of the end user as tags of an activity.</summary>
    public static Activity WithIdentity(this Activity activity) => activity
        .SetTag("metrix.user_id", TestUser.UserId)
        .SetTag("metrix.session_id", TestUser.SessionId)
        .SetTag("metrix.advertising_id", TestUser.AdvertisingId);

    /// <summary>Creates the ids of the end user as attributes of a log record or as a scope.</summary>
    public static Dictionary<string, object?> IdentityAttributes() => new()
    {
        ["metrix.user_id"] = TestUser.UserId,
        ["metrix.session_id"] = TestUser.SessionId,
        ["metrix.advertising_id"] = TestUser.AdvertisingId,
    };
}
