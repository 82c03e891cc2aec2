using System.Diagnostics;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>A log record that was recognised. It lives no longer than the call that reads it: the SDK uses it again.</summary>
internal readonly record struct RecognizedLogRecord(LogRecord Record, EventMatch Recognition);

/// <summary>
/// Pushes a log record into an <see cref="EventBuilder"/>: its attributes, then its scopes from the innermost.
/// </summary>
/// <param name="slugs">The slug map.</param>
/// <param name="baggageKeys">The keys of baggage that are read.</param>
/// <param name="isOnEmittingThread">Whether records are read on the thread that emits them: what is ambient elsewhere is
/// somebody else's.</param>
internal sealed class LogRecordReader(
    SlugMap slugs, IEnumerable<string> baggageKeys, bool isOnEmittingThread)
{
    private readonly BaggageReader _baggage = new(baggageKeys);

    public void Read(RecognizedLogRecord recognised, EventBuilder builder)
    {
        var (record, recognition) = recognised;
        builder.Start(recognition.Slug, new DateTimeOffset(DateTime.SpecifyKind(record.Timestamp, DateTimeKind.Utc)));
        PushAttributes(record, recognition, builder);
        PushScopes(record, builder);

        if (!isOnEmittingThread)
            return;

        // A record of another thread's or an earlier time's activity is not looked for in the one at hand.
        var current = Activity.Current is { } activity && activity.SpanId == record.SpanId ? activity : null;
        _baggage.Push(builder, current, isAmbient: true);
        ParentIdentity.Inherit(builder, current, isAmbient: true);
    }

    private void PushAttributes(LogRecord record, EventMatch recognition, EventBuilder builder)
    {
        var attributes = record.Attributes;
        for (var i = 0; i < attributes?.Count; i++)
        {
            var (key, value) = attributes[i];
            var name = LogRecordRecognizer.NameOf(key, out var isCaptured);
            if (name.Length == 0 || (value is not null && IsOwn(name, recognition, slugs) &&
                ObjectReader.TryAddMembers(builder, name, value, readsMembers: isCaptured)))
            {
                continue;
            }

            ObjectReader.Add(builder, name, value, readsMembers: isCaptured);
        }
    }

    /// <summary>Whether an attribute may be the object that the event is of, whose members keep their names.</summary>
    private static bool IsOwn(string name, EventMatch recognition, SlugMap slugs) =>
        string.Equals(name, recognition.Name, StringComparison.OrdinalIgnoreCase) ||
        (slugs.TryGet(name, out var slug) && slug == recognition.Slug);

    private static void PushScopes(LogRecord record, EventBuilder builder)
    {
        // They come from the outermost; the first of a name is the one that the builder keeps.
        var scopes = new List<LogRecordScope>();
        record.ForEachScope(static (scope, scopes) => scopes.Add(scope), scopes);
        for (var i = scopes.Count - 1; i >= 0; i--)
        {
            try
            {
                PushScope(scopes[i], builder);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                builder.AddUnreadable("scope");
            }
        }
    }

    private static void PushScope(LogRecordScope scope, EventBuilder builder)
    {
        foreach (var (key, value) in scope)
        {
            if (!string.IsNullOrEmpty(key) && key != LogRecordRecognizer.Template)
                ObjectReader.Add(builder, key, value);
        }
    }
}
