namespace Metrix.Client.Tracking;

/// <summary>
/// Says what went wrong on the host's own channel, the same cause at most once a minute.
/// </summary>
internal sealed class Reporter(Action<string>? write, TimeProvider clock)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly object _lock = new();
    private readonly Dictionary<string, Said> _causes = new(StringComparer.Ordinal);

    /// <summary>
    /// Says a message, unless its cause was told of within the last minute; then it is counted, and the number stands in
    /// the next message of that cause.
    /// </summary>
    /// <param name="cause">From a small and fixed set: it is kept for ever.</param>
    /// <param name="compose">Makes the message, and is called only when it is said. No key, id or value belongs in it.</param>
    public void Report(string cause, Func<string> compose)
    {
        if (write is null)
            return;

        long untold;
        string message;
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (_causes.TryGetValue(cause, out var last) && clock.GetElapsedTime(last.SaidAt, now) < Quiet)
            {
                _causes[cause] = last with { Untold = last.Untold + 1 };
                return;
            }

            untold = last.Untold;
            message = compose();
            _causes[cause] = new(message, now, 0);
        }

        Write(untold == 0 ? message : $"{message} ({untold} more like this since the last message.)");
    }

    /// <summary>Says of each cause how often it came and was not told of.</summary>
    public void Close()
    {
        Said[] left;
        lock (_lock)
        {
            left = [.. _causes.Values.Where(said => said.Untold > 0)];
            _causes.Clear();
        }

        foreach (var said in left)
            Write($"{said.Message} ({said.Untold} more like this since the last message.)");
    }

    private void Write(string message)
    {
        try
        {
            write?.Invoke($"Metrix: {message}");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The host's channel is broken, and there is no other to say so on. Delivery goes on.
        }
    }

    private readonly record struct Said(string Message, long SaidAt, long Untold);
}
