using Metrix.Client.Rules;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// The properties of a log event as conditions name them: as they are sent, <c>Address.City</c> for a member of an object,
/// and the members of the object that the event is of without its name.
/// </summary>
/// <param name="logEvent">The log event.</param>
/// <param name="own">The name of the event, under which an object may have been captured.</param>
internal readonly struct LogEventRecord(LogEvent logEvent, string own) : IRecord
{
    public object? Find(string name)
    {
        if (logEvent.Properties.TryGetValue(name, out var value))
            return (value as ScalarValue)?.Value;

        if (logEvent.Properties.TryGetValue(own, out var captured) && FindIn(captured, name) is { } member)
            return member;

        var dot = name.IndexOf('.');
        return dot > 0 && logEvent.Properties.TryGetValue(name[..dot], out var owner) ? FindIn(owner, name[(dot + 1)..]) : null;
    }

    private static object? FindIn(LogEventPropertyValue owner, string path)
    {
        foreach (var (name, value) in LogEventValues.Members(owner))
        {
            if (name == path)
                return (value as ScalarValue)?.Value;
            if (path.Length > name.Length && path[name.Length] == '.' && path.StartsWith(name, StringComparison.Ordinal))
                return FindIn(value, path[(name.Length + 1)..]);
        }

        return null;
    }
}
