using System.Diagnostics;
using Metrix.Client;
using Metrix.Client.Rules;
using Metrix.OpenTelemetry.Exporter.Configuration;
using Metrix.OpenTelemetry.Exporter.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// One client, and the fronts of both signals before it. Processors share it; the last that shuts down closes it.
/// </summary>
internal sealed class ExporterPipeline
{
    private static readonly TimeSpan MostLeftToOthers = TimeSpan.FromSeconds(1);

    // Closing ends at its limit by itself; on a thread pool that is starved nobody waits for it for ever.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly MetrixClient _client;

    // Made once: a delegate for each record would be garbage for each record.
    private readonly Func<Activity, bool> _takeActivity;
    private readonly Func<LogRecord, bool> _takeLogRecord;
    private readonly object _lock = new();
    private int _users;
    private Task _closing = Task.CompletedTask;
    private TimeSpan _closingLimit;

    /// <param name="options">The settings.</param>
    /// <param name="isOnEmittingThread">Whether records come on the thread that emits them.</param>
    /// <exception cref="ArgumentException">A setting is missing, unknown or impossible.</exception>
    public ExporterPipeline(MetrixExporterOptions options, bool isOnEmittingThread = true)
    {
        ExporterSettings.Validate(options);
        Options = options;
        _client = new MetrixClient(options, new HostIntegration
        {
            Report = MetrixExporterEventSource.Log.Warning,
            OnSendingThread = static () => SuppressInstrumentationScope.Enter(),
        });
        var activities = new ActivityIntake(_client, options, isOnEmittingThread);
        Slugs = activities.Slugs;
        _takeActivity = activities.Take;
        _takeLogRecord = new LogRecordIntake(_client, options, isOnEmittingThread).Take;
    }

    public MetrixExporterOptions Options { get; }

    public SlugMap Slugs { get; }

    public BaseProcessor<Activity> CreateActivityProcessor() => new MetrixProcessor<Activity>(this, Take);

    public BaseProcessor<LogRecord> CreateLogRecordProcessor() => new MetrixProcessor<LogRecord>(this, Take);

    /// <summary>Counts one who will call <see cref="Leave"/>.</summary>
    public ExporterPipeline Join()
    {
        lock (_lock)
        {
            _users++;
            return this;
        }
    }

    /// <summary>
    /// Takes what is an event of Metrix. Throws nothing: out of a processor it would come into the application's code, and
    /// leave its current activity wrong.
    /// </summary>
    /// <returns>False when an event was refused.</returns>
    public bool Take(Activity activity) => Take(activity, _takeActivity);

    /// <inheritdoc cref="Take(Activity)"/>
    public bool Take(LogRecord record) => Take(record, _takeLogRecord);

    /// <summary>
    /// Waits until the outcome of all that was taken before this call is known.
    /// </summary>
    /// <param name="timeoutMilliseconds">How long to wait at most; -1 for the settings' <c>FlushTimeout</c>.</param>
    public bool Flush(int timeoutMilliseconds)
    {
        var settled = _client.WhenDrained();
        if (settled.IsCompleted)
            return settled.Result;

        _client.RetryNow();
        return settled.Wait(Patience(timeoutMilliseconds)) && settled.Result;
    }

    /// <summary>
    /// Ends the use by one. The last closes the client, which takes no longer than the timeout, but goes on beside this call.
    /// </summary>
    /// <param name="timeoutMilliseconds">How long closing may take; -1 for the settings' <c>FlushTimeout</c>.</param>
    /// <returns>True when the outcome of all that was taken is known now.</returns>
    public bool Leave(int timeoutMilliseconds)
    {
        Task<bool> settled;
        bool isSettled;
        lock (_lock)
        {
            settled = _client.WhenDrained();
            isSettled = settled is { IsCompleted: true, Result: true };
            if (--_users == 0)
            {
                _closingLimit = Limit(timeoutMilliseconds) + Grace;
                _closing = _client.CloseAsync(Limit(timeoutMilliseconds));
            }
            else
            {
                _client.RetryNow();
            }
        }

        return isSettled || (timeoutMilliseconds != 0 && settled.Wait(Patience(timeoutMilliseconds)) && settled.Result);
    }

    /// <summary>Waits for the closing that <see cref="Leave"/> began, which its timeout ends.</summary>
    public void WaitForClosing() => _closing.Wait(_closingLimit);

    /// <summary>Closes the client if nobody did.</summary>
    public void Close() => _client.Dispose();

    private bool Take<T>(T record, Func<T, bool> take)
    {
        try
        {
            return take(record);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _client.Report("unreadable", $"a record could not be looked at: {exception.GetType().Name}");
            return false;
        }
    }

    // All processors of a pipeline share one time, one after the other, and a server that never answers must not use it up.
    private TimeSpan Patience(int timeoutMilliseconds)
    {
        var limit = Limit(timeoutMilliseconds);
        if (timeoutMilliseconds < 0)
            return limit;

        return limit - (limit / 2 < MostLeftToOthers ? limit / 2 : MostLeftToOthers);
    }

    private TimeSpan Limit(int timeoutMilliseconds) =>
        timeoutMilliseconds < 0 ? Options.FlushTimeout : TimeSpan.FromMilliseconds(timeoutMilliseconds);
}
