namespace Metrix.Emulator.Tests.Support;

/// <summary>Provides valid values for tests that do not depend on them.</summary>
internal static class TestData
{
    public const string App = "android-app";
    public const string Key = "kqzvw-dev-key-of-android";

    public static MetrixEmulatorOptions Options(Func<EmulatorRequest, EmulatorResponse?>? answer = null) =>
        new() { Apps = { [App] = Key }, Answer = answer };

    /// <summary>Returns a valid event. A change sets a field to raw JSON, or removes it with null.</summary>
    public static string Event(params (string Name, string? Json)[] changes)
    {
        var fields = new List<(string Name, string? Json)>
        {
            ("metrixUserId", "\"mx-user-1001\""),
            ("metrixSessionId", "\"session\""),
            ("advertisingId", "\"cdda802e-fb9c-47ad-9866-0794d394c912\""),
            ("eventSlug", "\"taqsq\""),
            ("eventTime", "\"1570274953412\""),
        };
        foreach (var change in changes)
        {
            var index = fields.FindIndex(field => field.Name == change.Name);
            if (index >= 0) fields[index] = change;
            else fields.Add(change);
        }

        var present = fields.Where(field => field.Json is not null).Select(field => $"\"{field.Name}\":{field.Json}");
        return "{" + string.Join(",", present) + "}";
    }

    /// <summary>Returns a valid event with the current time, which gets no warning.</summary>
    public static string CurrentEvent(params (string Name, string? Json)[] changes) => Event(
        [
            ("eventTime",
                FormattableString.Invariant($"\"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}\"")),
            .. changes,
        ]);

    public static string EventWithSlug(string slug) => Event(("eventSlug", $"\"{slug}\""));
}
