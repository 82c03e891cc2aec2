using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Looks up values in the scopes of a log record. A record has scopes only if the host includes them
/// (<c>IncludeScopes</c>).
/// </summary>
internal readonly struct LogRecordScopes(LogRecord record)
{
    /// <summary>
    /// Finds a value in the innermost scope that has it. Allocates only if a scope is neither a dictionary nor a list.
    /// </summary>
    public bool TryFind(string name, out object? value) => TryFind(name, null, out value);

    /// <summary>Finds a value that has either of two names in the innermost scope that has it.</summary>
    public bool TryFind(string name, string? otherName, out object? value)
    {
        // One instance per thread: the callback needs a reference type for its state, and allocating one for every log
        // record would be expensive.
        var search = Search.ForThread;
        search.Start(name, otherName);
        record.ForEachScope(static (scope, search) => search.Visit(scope), search);
        return search.TryGetResult(out value);
    }

    private sealed class Search
    {
        [ThreadStatic]
        private static Search? _forThread;

        private string _name = "";
        private string? _otherName;
        private object? _found;
        private bool _isFound;

        public static Search ForThread => _forThread ??= new();

        public void Start(string name, string? otherName)
        {
            _name = name;
            _otherName = otherName;
            _isFound = false;
            _found = null;
        }

        public bool TryGetResult(out object? value)
        {
            value = _found;
            _found = null;
            return _isFound;
        }

        // The SDK enumerates scopes from the outermost to the innermost, so the last value found is the result.
        public void Visit(LogRecordScope scope)
        {
            try
            {
                Visit(scope.Scope);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // A scope may be of any class of the application. If reading it throws, the record and the other scopes
                // must still be read.
            }
        }

        private void Visit(object? scope)
        {
            switch (scope)
            {
                case IReadOnlyDictionary<string, object?> dictionary:
                    if (dictionary.TryGetValue(_name, out var value) ||
                        (_otherName is not null && dictionary.TryGetValue(_otherName, out value)))
                    {
                        Set(value);
                    }

                    break;
                case IReadOnlyList<KeyValuePair<string, object?>> list:
                    for (var i = 0; i < list.Count; i++)
                    {
                        var (key, item) = list[i];
                        if (key == _name || (_otherName is not null && key == _otherName))
                            Set(item);
                    }

                    break;
                case IEnumerable<KeyValuePair<string, object?>> pairs:
                    foreach (var pair in pairs)
                    {
                        if (pair.Key == _name || (_otherName is not null && pair.Key == _otherName))
                            Set(pair.Value);
                    }

                    break;
            }
        }

        private void Set(object? value)
        {
            _found = value;
            _isFound = true;
        }
    }
}
