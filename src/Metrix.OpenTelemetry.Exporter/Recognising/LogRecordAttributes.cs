using Metrix.Client.Mapping;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Recognising;

/// <summary>The attributes of a log record, and behind them its scopes, as conditions name them.</summary>
internal readonly struct LogRecordAttributes(LogRecord record) : IPropertySource
{
    public object? Find(string name)
    {
        if (record.Attributes is { } attributes)
        {
            for (var i = 0; i < attributes.Count; i++)
            {
                if (attributes[i].Key == name)
                    return attributes[i].Value;
            }
        }

        return new LogRecordScopes(record).TryFind(name, out var value) ? value : null;
    }
}
