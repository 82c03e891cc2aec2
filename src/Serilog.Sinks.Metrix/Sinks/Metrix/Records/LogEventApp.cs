using Metrix.Client;
using Metrix.Client.Apps;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Metrix.Client.Tracking;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// Finds the ledger of an event's app on the thread that logs, before the event is mapped.
/// </summary>
internal sealed class LogEventApp(AppDirectory apps, MappingRules rules)
{
    public Ledger LedgerOf(LogEvent logEvent, EventMatch match, MetrixIdentity? identity)
    {
        if (apps.All.Count == 1)
            return apps.All[0].Ledger;

        var fields = new EventFields(rules.Fields);
        fields.Start(logEvent.Timestamp);
        var eventObject = LogEventReader.FindEventObject(logEvent, match, rules.Slugs);
        foreach (var (name, value) in logEvent.Properties)
            Read(fields, name == eventObject ? null : name, name, value, depth: 0);
        if (identity is not null)
            fields.Inherit(identity, level: 0);

        return apps.LedgerOf(apps.Find(
            fields[EventField.App], fields[EventField.AdvertisingId] is not null, fields[EventField.Idfa] is not null));
    }

    private void Read(EventFields fields, string? path, string name, LogEventPropertyValue value, int depth)
    {
        if (value is ScalarValue scalar)
        {
            fields.TrySet(path ?? name, scalar.Value, depth, out _);
        }
        else if (path is null || rules.Fields.HasWithin(path))
        {
            foreach (var (member, memberValue) in LogEventValues.Members(value))
                Read(fields, path is null ? member : $"{path}.{member}", member, memberValue, depth + 1);
        }
    }
}
