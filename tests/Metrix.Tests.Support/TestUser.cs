using Metrix.Client;

namespace Metrix.Tests.Support;

/// <summary>Provides the ids of an end user and of an app for tests that do not depend on their values.</summary>
public static class TestUser
{
    public const string UserId = "mx-user-1001";
    public const string SessionId = "0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c001";
    public const string AdvertisingId = "38400000-8cf0-11bd-b23e-10b96e40000d";
    public const string Idfa = "EA7583CD-A667-48BC-B806-42ECB2B48606";

    /// <summary>Gets the dev key of every test app. No message may contain it.</summary>
    public const string DevKey = "dev-key-of-the-shop";

    /// <summary>Creates an app id that no other test uses.</summary>
    public static string AppId() => $"app-{Guid.NewGuid():N}";

    /// <summary>Creates the identity of a user with an Android device.</summary>
    public static MetrixIdentity Identity() =>
        new() { MetrixUserId = UserId, MetrixSessionId = SessionId, AdvertisingId = AdvertisingId };

    /// <summary>Creates the identity of a user with an Apple device.</summary>
    public static MetrixIdentity AppleIdentity() =>
        new() { MetrixUserId = UserId, MetrixSessionId = SessionId, Idfa = Idfa };
}
