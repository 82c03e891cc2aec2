using System.Diagnostics;
using Metrix.Client;
using Metrix.Client.Rules;
using Metrix.Client.Tracking;
using Metrix.OpenTelemetry.Exporter.Configuration;
using Metrix.OpenTelemetry.Exporter.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// Connects the intakes of both signals with one client. Processors share it; the last one that shuts down closes it.
/// </summary>
internal sealed class ExporterPipeline
{
    // The most time of a flush or shutdown that is left to the other processors of the provider.
    private static readonly TimeSpan MaxReservedTime = TimeSpan.FromSeconds(1);

    private readonly MetrixClient _client;

    // Created once, because a delegate per record would allocate for each record.
    private readonly Func<Activity, bool> _acceptActivity;
    private readonly Func<LogRecord, bool> _acceptLogRecord;
    private int _leaseCount;
    private Closing? _closing;

    /// <param name="options">The settings.</param>
    /// <param name="isOnEmittingThread">Whether the pipeline gets records on the thread that emits them.</param>
    /// <exception cref="ArgumentException">A setting is missing, unknown or invalid.</exception>
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
        _acceptActivity = activities.Accept;
        _acceptLogRecord = new LogRecordIntake(_client, options, isOnEmittingThread).Accept;
    }

    public MetrixExporterOptions Options { get; }

    public SlugMap Slugs { get; }

    public BaseProcessor<Activity> CreateActivityProcessor() => new MetrixProcessor<Activity>(this, Accept);

    public BaseProcessor<LogRecord> CreateLogRecordProcessor() => new MetrixProcessor<LogRecord>(this, Accept);

    /// <summary>Registers a user of the pipeline, which must call <see cref="Release"/> once.</summary>
    public ExporterPipeline Acquire()
    {
        Interlocked.Increment(ref _leaseCount);
        return this;
    }

    /// <summary>
    /// Accepts a record if it is a Metrix event. Does not throw: an exception from a processor would reach the
    /// application's code and leave <see cref="Activity.Current"/> wrong.
    /// </summary>
    /// <returns>False when an event is refused.</returns>
    public bool Accept(Activity activity) => Accept(activity, _acceptActivity);

    /// <inheritdoc cref="Accept(Activity)"/>
    public bool Accept(LogRecord record) => Accept(record, _acceptLogRecord);

    /// <summary>
    /// Waits until the outcome of every event that was accepted before this call is known.
    /// </summary>
    /// <param name="timeoutMilliseconds">The time to wait at most, or -1 for <c>FlushTimeout</c>.</param>
    public bool Flush(int timeoutMilliseconds)
    {
        var drained = _client.StartFlush();
        return Wait(drained, timeoutMilliseconds);
    }

    /// <summary>
    /// Unregisters a user of the pipeline. The last call starts to close the client in the background.
    /// </summary>
    /// <param name="timeoutMilliseconds">The time that the close may take, or -1 for <c>FlushTimeout</c>.</param>
    /// <returns>True when the outcome of every accepted event is known.</returns>
    public bool Release(int timeoutMilliseconds)
    {
        var drained = _client.WhenDrained();
        if (Interlocked.Decrement(ref _leaseCount) == 0)
        {
            var timeout = ToTimeSpan(timeoutMilliseconds);
            Volatile.Write(ref _closing, new Closing(_client.CloseAsync(timeout), timeout));
        }
        else if (!drained.IsCompleted)
        {
            _client.RetryNow();
        }

        return Wait(drained, timeoutMilliseconds);
    }

    /// <summary>Waits for the close that <see cref="Release"/> started, at most for its timeout.</summary>
    public void WaitForClose()
    {
        if (Volatile.Read(ref _closing) is { } closing)
            BlockingWait.Wait(closing.Task, closing.Timeout + ClientShutdown.GracePeriod, Options.TimeProvider);
    }

    /// <summary>Closes the client if it is not closed yet.</summary>
    public void Close() => _client.Dispose();

    private bool Accept<T>(T record, Func<T, bool> accept)
    {
        try
        {
            return accept(record);
        }
        catch (Exception exception)
        {
            _client.Report("unreadable", $"a record could not be read: {exception.GetType().Name}");
            return false;
        }
    }

    // The processors of a provider run one after the other and share the timeout. A server that never answers must not
    // use it all.
    private bool Wait(Task<bool> drained, int timeoutMilliseconds)
    {
        var timeout = ToTimeSpan(timeoutMilliseconds);
        if (timeoutMilliseconds >= 0)
            timeout -= timeout / 2 < MaxReservedTime ? timeout / 2 : MaxReservedTime;
        return BlockingWait.Wait(drained, timeout, Options.TimeProvider) &&
            drained is { IsCompleted: true, Result: true };
    }

    private TimeSpan ToTimeSpan(int timeoutMilliseconds) =>
        timeoutMilliseconds < 0 ? Options.FlushTimeout : TimeSpan.FromMilliseconds(timeoutMilliseconds);

    private sealed record Closing(Task Task, TimeSpan Timeout);
}
