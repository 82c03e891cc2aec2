using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// The scopes of a log record. They are there only when the host includes them (<c>IncludeScopes</c>).
/// </summary>
internal readonly struct LogRecordScopes(LogRecord record)
{
    /// <summary>Finds a value in the innermost scope that has it. Allocates only where a scope is of a rare kind.</summary>
    public bool TryFind(string name, out object? value) => TryFind(name, null, out value);

    /// <summary>As above, where a value may have either of two names.</summary>
    public bool TryFind(string name, string? otherName, out object? value)
    {
        // One for each thread: the callback takes a reference, and scopes are looked into for each record.
        var search = Search.OfThread;
        search.Start(name, otherName);
        record.ForEachScope(static (scope, search) => search.Look(scope), search);
        return search.TryTake(out value);
    }

    private sealed class Search
    {
        [ThreadStatic]
        private static Search? _ofThread;

        private string _name = "";
        private string? _otherName;
        private object? _found;
        private bool _isFound;

        public static Search OfThread => _ofThread ??= new();

        public void Start(string name, string? otherName)
        {
            _name = name;
            _otherName = otherName;
            _isFound = false;
            _found = null;
        }

        public bool TryTake(out object? value)
        {
            value = _found;
            _found = null;
            return _isFound;
        }

        // Scopes come from the outermost to the innermost, so the last that has it counts.
        public void Look(LogRecordScope scope)
        {
            try
            {
                Look(scope.Scope);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // A scope of the application's own class that cannot be read hides neither the record nor the other scopes.
            }
        }

        private void Look(object? scope)
        {
            switch (scope)
            {
                case IReadOnlyDictionary<string, object?> dictionary:
                    if (dictionary.TryGetValue(_name, out var value) || (_otherName is not null && dictionary.TryGetValue(_otherName, out value)))
                        Take(value);
                    break;
                case IReadOnlyList<KeyValuePair<string, object?>> list:
                    for (var i = 0; i < list.Count; i++)
                    {
                        var (key, item) = list[i];
                        if (key == _name || (_otherName is not null && key == _otherName))
                            Take(item);
                    }

                    break;
                case IEnumerable<KeyValuePair<string, object?>> pairs:
                    foreach (var pair in pairs)
                    {
                        if (pair.Key == _name || (_otherName is not null && pair.Key == _otherName))
                            Take(pair.Value);
                    }

                    break;
            }
        }

        private void Take(object? value)
        {
            _found = value;
            _isFound = true;
        }
    }
}
