using Metrix.Client.Apps;
using Metrix.Client.Mapping;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Support;

/// <summary>Creates test objects with default values.</summary>
internal static class TestData
{
    /// <summary>Gets the time of the example in the vendor's documentation, in October 2019.</summary>
    public static DateTimeOffset Time { get; } = DateTimeOffset.FromUnixTimeMilliseconds(1570274953412);

    /// <summary>Creates the options of one app with a unique id.</summary>
    public static MetrixOptions Options(Action<MetrixOptions>? configure = null)
    {
        var options = new MetrixOptions { AppId = TestUser.AppId(), DevKey = TestUser.DevKey };
        configure?.Invoke(options);
        return options;
    }

    /// <summary>Creates the options of several apps. The name of each app is also its id.</summary>
    public static MetrixOptions OptionsForApps(params string[] apps)
    {
        var options = new MetrixOptions();
        foreach (var app in apps)
            options.Apps[app] = new MetrixAppOptions { AppId = app, DevKey = TestUser.DevKey };
        return options;
    }

    public static MetrixEvent Event(string slug = "taqsq", params (string Name, object? Value)[] properties) =>
        new(slug, TestUser.Identity()) { Properties = properties.ToDictionary(p => p.Name, p => p.Value) };

    /// <summary>Creates a builder of an event that has no properties and no user yet.</summary>
    public static EventBuilder Builder(Action<MetrixOptions>? configure = null, params string[] excludedNames)
    {
        var builder = new EventBuilder(new MappingRules(Options(configure), excludedNames));
        builder.Start("taqsq", Time);
        return builder;
    }

    /// <summary>Creates a builder of an event with a user and these properties.</summary>
    public static EventBuilder BuilderWithUser(params (string Name, object? Value)[] properties) =>
        Builder().WithUser().With(properties);

    public static MetrixApp App(string? name = null) =>
        new(name ?? TestUser.AppId(), TestUser.AppId(), TestUser.DevKey, new Uri("https://analytics.metrix.ir"));

    public static QueuedEvent Queued(
        MetrixApp app, int size = 100, string slug = "taqsq", object? source = null, EventTracker? tracker = null) =>
        new(app, app.Ledger, slug, new byte[size], source, tracker ?? Tracker());

    /// <summary>Makes an event that was never tried one with that many failed attempts.</summary>
    public static QueuedEvent WithAttempts(this QueuedEvent queued, int attempts)
    {
        for (var i = 0; i < attempts; i++)
            queued.BeginRetrying();
        return queued;
    }

    public static EventTracker Tracker(MetrixOptions? options = null) =>
        new(options ?? Options(), new Reporter(null, TimeProvider.System));
}
