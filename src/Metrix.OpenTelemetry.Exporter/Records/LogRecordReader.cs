using System.Diagnostics;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Adds a log record to an <see cref="EventBuilder"/>: its attributes, then its scopes from the innermost.
/// </summary>
/// <param name="slugs">The slug map.</param>
/// <param name="baggageKeys">The keys of the baggage items to read.</param>
/// <param name="isOnEmittingThread">Whether records are read on the thread that emits them. On another thread, the
/// ambient activity, identity and baggage belong to other work.</param>
internal sealed class LogRecordReader(SlugMap slugs, IEnumerable<string> baggageKeys, bool isOnEmittingThread)
{
    private readonly BaggageReader _baggage = new(baggageKeys);

    public void Read(RecognizedLogRecord recognized, EventBuilder builder)
    {
        var (record, match) = recognized;
        builder.Start(match.Slug, new DateTimeOffset(DateTime.SpecifyKind(record.Timestamp, DateTimeKind.Utc)));
        AddAttributes(record, match, builder);
        AddScopes(record, builder);

        if (!isOnEmittingThread)
            return;

        // Do not use the current activity for a record of another activity, such as one of another thread or an earlier
        // one.
        var current = Activity.Current is { } activity && activity.SpanId == record.SpanId ? activity : null;
        _baggage.AddTo(builder, current, isAmbient: true);
        ParentIdentity.Inherit(builder, current, isAmbient: true);
    }

    private void AddAttributes(LogRecord record, EventMatch match, EventBuilder builder)
    {
        var attributes = record.Attributes;
        for (var i = 0; i < attributes?.Count; i++)
        {
            var (key, value) = attributes[i];
            var name = LogRecordRecognizer.NameOf(key, out var isCaptured);
            if (name.Length == 0 || (value is not null && IsEventObject(name, match) &&
                ObjectReader.TryAddMembers(builder, name, value, readsMembers: isCaptured)))
            {
                continue;
            }

            ObjectReader.Add(builder, name, value, readsMembers: isCaptured);
        }
    }

    /// <summary>
    /// Determines whether an attribute may be the event's own object, whose members are sent without a prefix.
    /// </summary>
    private bool IsEventObject(string name, EventMatch match) =>
        string.Equals(name, match.Name, StringComparison.OrdinalIgnoreCase) ||
        (slugs.TryGet(name, out var slug) && slug == match.Slug);

    private static void AddScopes(LogRecord record, EventBuilder builder)
    {
        // The SDK enumerates scopes from the outermost, and the builder keeps the first value of a name. So add them in
        // reverse order.
        var scopes = new List<LogRecordScope>();
        record.ForEachScope(static (scope, scopes) => scopes.Add(scope), scopes);
        for (var i = scopes.Count - 1; i >= 0; i--)
        {
            try
            {
                AddScope(scopes[i], builder);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                builder.AddUnreadable("scope");
            }
        }
    }

    private static void AddScope(LogRecordScope scope, EventBuilder builder)
    {
        foreach (var (key, value) in scope)
        {
            if (!string.IsNullOrEmpty(key) && key != LogRecordRecognizer.TemplateKey)
                ObjectReader.Add(builder, key, value);
        }
    }
}
