namespace Metrix.Client.Tracking;

/// <summary>
/// Writes messages to the host's diagnostic channel, each cause at most once a minute.
/// </summary>
internal sealed class Reporter(Action<string>? write, TimeProvider clock)
{
    private static readonly TimeSpan SuppressionPeriod = TimeSpan.FromMinutes(1);

    private readonly object _lock = new();
    private readonly Dictionary<string, Reported> _causes = new(StringComparer.Ordinal);

    /// <summary>
    /// Writes a message unless its cause was reported within the last minute. Suppressed messages are counted, and the
    /// next message of that cause contains their number.
    /// </summary>
    /// <param name="cause">The cause, out of a small fixed set, because it is kept until the client closes.</param>
    /// <param name="compose">Composes the message. It is called only if the message is written, under the reporter's
    /// lock: it may read a ledger, and must not report. The message must not contain keys, ids or values.</param>
    public void Report(string cause, Func<string> compose)
    {
        if (write is null)
            return;

        long suppressed;
        string message;
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (_causes.TryGetValue(cause, out var last) && clock.GetElapsedTime(last.At, now) < SuppressionPeriod)
            {
                _causes[cause] = last with { Suppressed = last.Suppressed + 1 };
                return;
            }

            suppressed = last.Suppressed;
            message = compose();
            _causes[cause] = new(message, now, 0);
        }

        Write(suppressed == 0 ? message : WithCount(message, suppressed));
    }

    /// <summary>Writes, for each cause with suppressed messages, how many there were.</summary>
    public void Close()
    {
        Reported[] left;
        lock (_lock)
        {
            left = [.. _causes.Values.Where(reported => reported.Suppressed > 0)];
            _causes.Clear();
        }

        foreach (var reported in left)
            Write(WithCount(reported.Message, reported.Suppressed));
    }

    private static string WithCount(string message, long suppressed) =>
        $"{message} ({suppressed} more like this since the last message.)";

    private void Write(string message)
    {
        try
        {
            write?.Invoke($"Metrix: {message}");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The host's channel is broken, and there is no other one to report that on. Delivery continues.
        }
    }

    private readonly record struct Reported(string Message, long At, long Suppressed);
}
