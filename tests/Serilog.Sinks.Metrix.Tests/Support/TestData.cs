using Serilog.Core;
using Serilog.Core.Enrichers;
using Serilog.Events;
using Serilog.Parsing;

namespace Serilog.Sinks.Metrix.Tests.Support;

/// <summary>Provides ids, and builds log events and their values.</summary>
internal static class TestData
{
    public const string UserId = "1415211453000-6513894";
    public const string SessionId = "0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c001";
    public const string AdvertisingId = "38400000-8cf0-11bd-b23e-10b96e40000d";
    public const string Idfa = "EA7583CD-A667-48BC-B806-42ECB2B48606";

    /// <summary>Gets enrichers that add the ids of an end user.</summary>
    public static ILogEventEnricher[] Identity { get; } =
    [
        new PropertyEnricher("metrix.user_id", UserId),
        new PropertyEnricher("metrix.session_id", SessionId),
        new PropertyEnricher("metrix.advertising_id", AdvertisingId),
    ];

    /// <summary>Creates an app id that no other test uses.</summary>
    public static string AppId() => $"app-{Guid.NewGuid():N}";

    public static LogEvent Event(string template, params (string Name, object? Value)[] properties) => new(
        DateTimeOffset.UnixEpoch,
        LogEventLevel.Information,
        exception: null,
        new MessageTemplateParser().Parse(template),
        properties.Select(p => Property(p.Name, p.Value)));

    public static StructureValue Structure(params (string Name, object? Value)[] members) =>
        new(members.Select(m => Property(m.Name, m.Value)));

    private static LogEventProperty Property(string name, object? value) =>
        new(name, value as LogEventPropertyValue ?? new ScalarValue(value));
}
