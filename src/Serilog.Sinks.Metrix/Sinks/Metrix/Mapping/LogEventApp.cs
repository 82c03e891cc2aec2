using Metrix.Client.Delivery;
using Metrix.Client.Diagnostics;
using Metrix.Client.Mapping;
using Serilog.Events;
using Serilog.Sinks.Metrix.Recognising;

namespace Serilog.Sinks.Metrix.Mapping;

/// <summary>
/// Tells, on the thread that logs, in whose books an event is, before it is mapped.
/// </summary>
internal sealed class LogEventApp(AppDirectory apps, MappingRules rules)
{
    public Ledger LedgerOf(LogEvent logEvent, Recognition recognition)
    {
        if (apps.All.Count == 1)
            return apps.All[0].Ledger;

        var own = LogEventReader.OwnObject(logEvent, recognition, rules.Slugs) is { } name ? logEvent.Properties[name] : null;
        return apps.LedgerOf(apps.Find(
            Text(logEvent, own, EventField.App),
            Text(logEvent, own, EventField.AdvertisingId) is not null,
            Text(logEvent, own, EventField.Idfa) is not null));
    }

    private string? Text(LogEvent logEvent, LogEventPropertyValue? own, EventField field)
    {
        foreach (var name in rules.Fields.NamesOf(field))
        {
            if (logEvent.Properties.TryGetValue(name, out var value) && Text(value) is { } text)
                return text;
        }

        if (own is null)
            return null;

        foreach (var (name, value) in LogEventValues.Members(own))
        {
            if (rules.Fields.TryGet(name, out var found, out _) && found == field && Text(value) is { } text)
                return text;
        }

        return null;
    }

    private static string? Text(LogEventPropertyValue value) =>
        value is ScalarValue scalar && ValueRules.Map(scalar.Value, asAttribute: true).Text is { } text &&
        !string.IsNullOrWhiteSpace(text)
            ? text.Trim()
            : null;
}
