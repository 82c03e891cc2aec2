using System.Diagnostics;
using Metrix.Client;
using Metrix.OpenTelemetry.Exporter.Configuration;
using Metrix.OpenTelemetry.Exporter.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Processing;

/// <summary>
/// One client, and the fronts of both signals before it. Processors share it; the last that shuts down closes it.
/// </summary>
internal sealed class Pipeline
{
    private static readonly TimeSpan MostLeftToOthers = TimeSpan.FromSeconds(1);

    private readonly MetrixClient _client;
    private readonly ActivityFront _activities;
    private readonly LogRecordFront _logRecords;
    private readonly object _lock = new();
    private int _users;
    private Task _closing = Task.CompletedTask;

    /// <exception cref="ArgumentException">A setting is missing, unknown or impossible.</exception>
    public Pipeline(MetrixExporterOptions options)
    {
        ExporterSettings.Validate(options);
        Options = options;
        _client = new MetrixClient(options, new FrontEnd
        {
            Report = MetrixExporterEventSource.Log.Warning,
            BeforeSending = static () => SuppressInstrumentationScope.Enter(),
        });
        _activities = new ActivityFront(_client, options);
        _logRecords = new LogRecordFront(_client, options);
    }

    public MetrixExporterOptions Options { get; }

    public Metrix.Client.Mapping.SlugMap Slugs => _activities.Slugs;

    /// <summary>Counts one who will call <see cref="Leave"/>.</summary>
    public Pipeline Join()
    {
        lock (_lock)
        {
            _users++;
            return this;
        }
    }

    /// <summary>Takes what is an event of Metrix. Throws nothing.</summary>
    /// <returns>False when an event was refused.</returns>
    public bool Take(Activity activity)
    {
        try
        {
            return _activities.Take(activity);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Refuse(exception);
        }
    }

    /// <inheritdoc cref="Take(Activity)"/>
    public bool Take(LogRecord record)
    {
        try
        {
            return _logRecords.Take(record);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Refuse(exception);
        }
    }

    /// <summary>
    /// Waits until the outcome of all that was taken before this call is known.
    /// </summary>
    /// <param name="timeoutMilliseconds">How long to wait at most; -1 for the settings' <c>FlushTimeout</c>.</param>
    public bool Flush(int timeoutMilliseconds) =>
        _client.FlushAsync(Limit(timeoutMilliseconds)).GetAwaiter().GetResult();

    /// <summary>
    /// Ends the use by one. The last closes the client, which takes no longer than the timeout, but goes on beside this call:
    /// all processors of a pipeline share one time, one after the other, and a server that never answers must not use it up.
    /// </summary>
    /// <param name="timeoutMilliseconds">How long closing may take; -1 for the settings' <c>FlushTimeout</c>.</param>
    /// <returns>True when the outcome of all that was taken is known now.</returns>
    public bool Leave(int timeoutMilliseconds)
    {
        var timeout = Limit(timeoutMilliseconds);
        var leftToOthers = timeout / 2 < MostLeftToOthers ? timeout / 2 : MostLeftToOthers;
        Task<bool> settled;
        bool isSettled;
        lock (_lock)
        {
            settled = _client.WhenSettled();
            isSettled = settled is { IsCompleted: true, Result: true };
            if (--_users == 0)
                _closing = _client.CloseAsync(timeout);
            else
                _client.Hurry();
        }

        return isSettled || (timeout > TimeSpan.Zero && settled.Wait(timeout - leftToOthers) && settled.Result);
    }

    /// <summary>Waits for the closing that <see cref="Leave"/> began, which its timeout ends.</summary>
    public void WaitForClosing() => _closing.GetAwaiter().GetResult();

    /// <summary>Closes the client if nobody did.</summary>
    public void Close() => _client.Dispose();

    // Out of a processor it would come into the application's code, and leave its current activity wrong.
    private static bool Refuse(Exception exception)
    {
        MetrixExporterEventSource.Log.Warning($"Metrix: a record could not be looked at: {exception.GetType().Name}");
        return false;
    }

    private TimeSpan Limit(int timeoutMilliseconds) =>
        timeoutMilliseconds < 0 ? Options.FlushTimeout : TimeSpan.FromMilliseconds(timeoutMilliseconds);
}
