using Metrix.Client.Rules;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// Looks up the properties of a log event by the names under which they are sent.
/// </summary>
/// <remarks>
/// A member of an object is <c>Address.City</c>. The members of the event's own object have no prefix.
/// </remarks>
/// <param name="logEvent">The log event.</param>
/// <param name="eventName">The name of the event, under which the template may have captured an object.</param>
internal readonly struct LogEventRecord(LogEvent logEvent, string eventName) : IRecord
{
    public object? Find(string name)
    {
        if (logEvent.Properties.TryGetValue(name, out var value))
            return (value as ScalarValue)?.Value;

        if (logEvent.Properties.TryGetValue(eventName, out var captured) && FindMember(captured, name) is { } member)
            return member;

        var dot = name.IndexOf('.');
        return dot > 0 && logEvent.Properties.TryGetValue(name[..dot], out var owner)
            ? FindMember(owner, name[(dot + 1)..])
            : null;
    }

    private static object? FindMember(LogEventPropertyValue owner, string path)
    {
        foreach (var (name, value) in LogEventValues.Members(owner))
        {
            if (name == path)
                return (value as ScalarValue)?.Value;

            if (path.Length > name.Length &&
                path[name.Length] == '.' &&
                path.StartsWith(name, StringComparison.Ordinal))
            {
                return FindMember(value, path[(name.Length + 1)..]);
            }
        }

        return null;
    }
}
