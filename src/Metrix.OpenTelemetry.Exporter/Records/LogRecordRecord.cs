using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// The attributes of a log record, and behind them its scopes, as conditions name them: as they are sent, and the members of
/// the object that the event is of without its name.
/// </summary>
/// <param name="record">The log record.</param>
/// <param name="own">The name of the event, under which an object may have been captured.</param>
internal readonly struct LogRecordRecord(LogRecord record, string own) : IRecord
{
    public object? Find(string name)
    {
        var attributes = record.Attributes;
        for (var i = 0; i < attributes?.Count; i++)
        {
            var (key, value) = attributes[i];
            var attribute = LogRecordRecognizer.NameOf(key, out var isCaptured);
            if (PropertyPath.TryFind(attribute, value, name, isCaptured, out var found) ||
                (value is not null && string.Equals(attribute, own, StringComparison.OrdinalIgnoreCase) &&
                 PropertyPath.TryFindIn(value, name, isCaptured, out found)))
            {
                return found;
            }
        }

        return new LogRecordScopes(record).TryFind(name, out var inScope) ? inScope : null;
    }
}
