using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Looks up the attributes of a log record, then its scopes, by the names under which they are sent. The members of the
/// event's own object have no prefix.
/// </summary>
/// <param name="record">The log record.</param>
/// <param name="eventName">The name of the event, under which the template may have captured an object.</param>
internal readonly struct LogRecordRecord(LogRecord record, string eventName) : IRecord
{
    public object? Find(string name)
    {
        var attributes = record.Attributes;
        for (var i = 0; i < attributes?.Count; i++)
        {
            var (key, value) = attributes[i];
            var attribute = LogRecordRecognizer.NameOf(key, out var isCaptured);
            if (PropertyPath.TryFind(attribute, value, name, isCaptured, out var found) ||
                (value is not null && string.Equals(attribute, eventName, StringComparison.OrdinalIgnoreCase) &&
                 PropertyPath.TryFindIn(value, name, isCaptured, out found)))
            {
                return found;
            }
        }

        return new LogRecordScopes(record).TryFind(name, out var inScope) ? inScope : null;
    }
}
