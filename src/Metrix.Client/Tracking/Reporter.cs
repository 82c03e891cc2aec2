namespace Metrix.Client.Tracking;

/// <summary>
/// Writes messages to the host's diagnostic channel, each cause at most once a minute.
/// </summary>
/// <remarks>
/// <para>What happened (<see cref="Report"/>) stays true: the number of suppressed messages is written at the end. What
/// is going on (<see cref="ReportTrouble"/>) does not: it is written as over once it is over, and never repeated at the
/// end.</para>
/// <para>Messages are composed under the lock and written outside it, in their order, by one thread at a time. A host
/// whose channel blocks, or closes the client, holds up neither the lock nor another thread.</para>
/// </remarks>
internal sealed class Reporter(Action<string>? write, TimeProvider clock)
{
    // So often a minute, trouble that is over and begins again is written at once.
    private const int MaxRearms = 3;

    private static readonly TimeSpan SuppressionPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxCloseWait = TimeSpan.FromMilliseconds(200);

    private readonly object _lock = new();
    private readonly Dictionary<string, Reported> _causes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Trouble> _troubles = new(StringComparer.Ordinal);
    private readonly Queue<string> _outgoing = new();
    private TaskCompletionSource? _writing;
    private bool _hasOutgoing;

    /// <summary>
    /// Gets whether a message is queued. Read without the lock, because this runs for every delivery: a message that
    /// another thread queues at this moment is written by that thread.
    /// </summary>
    public bool HasQueued => Volatile.Read(ref _hasOutgoing);

    /// <summary>
    /// Writes what happened, unless its cause was reported within the last minute. Suppressed messages are counted, and
    /// the next message of that cause contains their number.
    /// </summary>
    /// <param name="cause">The cause, out of a small fixed set, because it is kept until the client closes.</param>
    /// <param name="compose">Composes the message. It is called only if the message is written, under the reporter's
    /// lock: it may read a ledger, and must not report. The message must not contain keys, ids or values.</param>
    public void Report(string cause, Func<string> compose) => Write(null, cause, compose);

    /// <summary>
    /// Writes what is going on, as <see cref="Report"/> does, and remembers whether it was written, for
    /// <see cref="ReportOver"/>.
    /// </summary>
    /// <param name="trouble">What is in trouble.</param>
    /// <param name="cause">The cause.</param>
    /// <param name="compose">Composes the message.</param>
    public void ReportTrouble(string trouble, string cause, Func<string> compose) => Write(trouble, cause, compose);

    /// <summary>
    /// Does the same as <see cref="ReportTrouble"/> and calls nothing back: <see cref="WriteQueued"/> or
    /// <see cref="Close"/> writes the message.
    /// </summary>
    /// <param name="trouble">What is in trouble.</param>
    /// <param name="cause">The cause.</param>
    /// <param name="compose">Composes the message.</param>
    public void QueueTrouble(string trouble, string cause, Func<string> compose) => Queue(trouble, cause, compose);

    /// <summary>Writes that a trouble is over, if it was written since the last time.</summary>
    /// <param name="trouble">What was in trouble.</param>
    /// <param name="compose">Composes the message.</param>
    public void ReportOver(string trouble, Func<string> compose)
    {
        QueueOver(trouble, compose);
        WriteQueued();
    }

    /// <summary>
    /// Does the same as <see cref="ReportOver"/> and calls nothing back: <see cref="WriteQueued"/> or
    /// <see cref="Close"/> writes the message.
    /// </summary>
    /// <param name="trouble">What was in trouble.</param>
    /// <param name="compose">Composes the message.</param>
    public void QueueOver(string trouble, Func<string> compose)
    {
        lock (_lock)
        {
            if (!_troubles.TryGetValue(trouble, out var state) || !state.IsWritten)
                return;

            Enqueue_NeedsLock(compose());
            state.IsWritten = false;
            Rearm_NeedsLock(trouble, state);
        }
    }

    /// <summary>Writes the messages that are queued.</summary>
    public void WriteQueued()
    {
        if (HasQueued)
            WriteOutgoing();
    }

    /// <summary>Writes, for each cause with suppressed messages of what happened, how many there were.</summary>
    public void Close()
    {
        Task? writing;
        lock (_lock)
        {
            foreach (var reported in _causes.Values.Where(cause => cause is { Suppressed: > 0, Trouble: null }))
                Enqueue_NeedsLock(WithCount(reported.Message, reported.Suppressed));
            _causes.Clear();
        }

        WriteOutgoing();
        lock (_lock)
        {
            writing = _writing?.Task;
        }

        // Another thread is writing the last messages. It may be blocked in the host's channel, or be the one that
        // waits for this close.
        if (writing is not null)
            BlockingWait.Wait(writing, MaxCloseWait, TimeProvider.System);
    }

    private static string WithCount(string message, long suppressed) =>
        $"{message} ({suppressed} more like this since the last message.)";

    private void Write(string? trouble, string cause, Func<string> compose)
    {
        Queue(trouble, cause, compose);
        WriteQueued();
    }

    private void Queue(string? trouble, string cause, Func<string> compose)
    {
        if (write is null)
            return;

        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (_causes.TryGetValue(cause, out var last) && clock.GetElapsedTime(last.At, now) < SuppressionPeriod)
            {
                _causes[cause] = last with { Suppressed = last.Suppressed + 1 };
                return;
            }

            var message = compose();
            _causes[cause] = new(message, now, 0, trouble);
            if (trouble is not null)
                Trouble_NeedsLock(trouble).IsWritten = true;
            Enqueue_NeedsLock(last.Suppressed == 0 ? message : WithCount(message, last.Suppressed));
        }
    }

    private void Enqueue_NeedsLock(string message)
    {
        _outgoing.Enqueue(message);
        Volatile.Write(ref _hasOutgoing, true);
    }

    private void WriteOutgoing()
    {
        TaskCompletionSource? mine = null;
        while (true)
        {
            string? message;
            lock (_lock)
            {
                if (_writing is not null && mine is null)
                    return;

                if (!_outgoing.TryDequeue(out message))
                {
                    _hasOutgoing = false;
                    _writing = null;
                    mine?.SetResult();
                    return;
                }

                _writing = mine ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            try
            {
                write?.Invoke($"Metrix: {message}");
            }
            catch (Exception)
            {
                // The host's channel is broken, and there is no other one to report that on. Delivery continues.
            }
        }
    }

    private Trouble Trouble_NeedsLock(string name)
    {
        if (!_troubles.TryGetValue(name, out var trouble))
            _troubles.Add(name, trouble = new Trouble());
        return trouble;
    }

    // Otherwise the last message would say that the trouble is over after it has begun again.
    private void Rearm_NeedsLock(string name, Trouble trouble)
    {
        var now = clock.GetTimestamp();
        if (trouble.Rearmed == 0 || clock.GetElapsedTime(trouble.RearmedAt, now) >= SuppressionPeriod)
            (trouble.Rearmed, trouble.RearmedAt) = (0, now);
        if (trouble.Rearmed++ >= MaxRearms)
            return;

        foreach (var cause in _causes.Where(pair => pair.Value.Trouble == name).Select(pair => pair.Key).ToArray())
            _causes.Remove(cause);
    }

    private readonly record struct Reported(string Message, long At, long Suppressed, string? Trouble);

    private sealed class Trouble
    {
        /// <summary>Gets or sets whether it was written, and not yet that it is over.</summary>
        public bool IsWritten { get; set; }

        /// <summary>Gets or sets how often it was over since <see cref="RearmedAt"/>.</summary>
        public int Rearmed { get; set; }

        public long RearmedAt { get; set; }
    }
}
