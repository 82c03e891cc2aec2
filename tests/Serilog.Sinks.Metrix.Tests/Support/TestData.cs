using Metrix.Tests.Support;
using Serilog.Core;
using Serilog.Core.Enrichers;
using Serilog.Events;
using Serilog.Parsing;

namespace Serilog.Sinks.Metrix.Tests.Support;

/// <summary>Provides the ids of an end user for Serilog, and builds log events and their values.</summary>
internal static class TestData
{
    /// <summary>Gets enrichers that add the ids of an end user.</summary>
    public static ILogEventEnricher[] Identity { get; } =
    [
        new PropertyEnricher("metrix.user_id", TestUser.UserId),
        new PropertyEnricher("metrix.session_id", TestUser.SessionId),
        new PropertyEnricher("metrix.advertising_id", TestUser.AdvertisingId),
    ];

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
