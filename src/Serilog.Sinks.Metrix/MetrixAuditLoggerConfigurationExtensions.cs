using Metrix.Client;
using Metrix.Client.Configuration;
using Microsoft.Extensions.Configuration;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Sinks.Metrix;
using Serilog.Sinks.Metrix.Configuration;

namespace Serilog;

/// <summary>
/// Adds <c>AuditTo.Metrix()</c> to the logger configuration.
/// </summary>
public static class MetrixAuditLoggerConfigurationExtensions
{
    // Keep the order of the overloads, as for WriteTo: the configuration reader takes the first of the methods that fit
    // equally well.

    /// <summary>
    /// Sends log events that are Metrix events, and returns from the log call only when the event is safe.
    /// </summary>
    /// <remarks>
    /// <para>
    /// An event is safe when it is on the disk, if you set <paramref name="outboxPath"/>; otherwise when Metrix has
    /// accepted it. Calls on several threads share a commit.
    /// </para>
    /// <para>
    /// The log call throws an <see cref="AggregateException"/> that contains a
    /// <see cref="Debugging.LoggingFailedException"/> when the event is invalid, when the queue is full, or when the
    /// event is not safe within <see cref="MetrixOptions.FlushTimeout"/>. Such an event is not delivered later, with
    /// one exception: if the disk does not respond within that time, it is unknown whether the event is stored, and it
    /// may be delivered later.
    /// </para>
    /// <para>
    /// The log call blocks its thread. If that is a thread of the thread pool, the minimum number of the pool's worker
    /// threads is one higher meanwhile, so that blocked callers do not take the threads that send their events. A
    /// handler of <see cref="MetrixOptions.HttpMessageHandlerFactory"/> needs nothing special.
    /// </para>
    /// <para>
    /// The configuration <c>"AuditTo": [ "Metrix" ]</c> calls this method.
    /// </para>
    /// </remarks>
    /// <param name="auditConfiguration">The configuration of the logger's audit sinks.</param>
    /// <param name="appConfiguration">The application's configuration, whose section <c>Metrix</c> is read, or the
    /// section itself.</param>
    /// <param name="appId">See <see cref="MetrixOptions.AppId"/>.</param>
    /// <param name="devKey">See <see cref="MetrixOptions.DevKey"/>.</param>
    /// <param name="endpoint">See <see cref="MetrixOptions.Endpoint"/>.</param>
    /// <param name="apps">See <see cref="MetrixOptions.Apps"/>.</param>
    /// <param name="slugs">See <see cref="MetrixOptions.Slugs"/>.</param>
    /// <param name="fields">See <see cref="MetrixOptions.Fields"/>.</param>
    /// <param name="attributes">See <see cref="MetrixOptions.Attributes"/>.</param>
    /// <param name="include">See <see cref="MetrixOptions.Include"/>.</param>
    /// <param name="exclude">See <see cref="MetrixOptions.Exclude"/>.</param>
    /// <param name="redact">See <see cref="MetrixOptions.Redact"/>.</param>
    /// <param name="eventTimeUnit">See <see cref="MetrixOptions.EventTimeUnit"/>.</param>
    /// <param name="period">See <see cref="MetrixOptions.Period"/>.</param>
    /// <param name="batchSizeLimit">See <see cref="MetrixOptions.BatchSizeLimit"/>.</param>
    /// <param name="queueLimit">See <see cref="MetrixOptions.QueueLimit"/>.</param>
    /// <param name="outboxPath">See <see cref="MetrixOptions.OutboxPath"/>.</param>
    /// <param name="outboxSizeLimit">See <see cref="MetrixOptions.OutboxSizeLimit"/>.</param>
    /// <param name="maxInFlight">See <see cref="MetrixOptions.MaxInFlight"/>.</param>
    /// <param name="requestTimeout">See <see cref="MetrixOptions.RequestTimeout"/>.</param>
    /// <param name="retryTimeLimit">See <see cref="MetrixOptions.RetryTimeLimit"/>.</param>
    /// <param name="flushTimeout">See <see cref="MetrixOptions.FlushTimeout"/>.</param>
    /// <param name="detectCaptivePortal">See <see cref="MetrixOptions.DetectCaptivePortal"/>.</param>
    /// <param name="restrictedToMinimumLevel">See <see cref="MetrixSinkOptions.RestrictedToMinimumLevel"/>.</param>
    /// <param name="levelSwitch">See <see cref="MetrixSinkOptions.LevelSwitch"/>.</param>
    /// <returns>The logger configuration, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="auditConfiguration"/> or
    /// <paramref name="appConfiguration"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is missing, unknown or invalid. The message names each one and
    /// shows a valid value.</exception>
    public static LoggerConfiguration Metrix(
        this LoggerAuditSinkConfiguration auditConfiguration,
        IConfiguration appConfiguration,
        string? appId = null,
        string? devKey = null,
        string? endpoint = null,
        IConfigurationSection? apps = null,
        IConfigurationSection? slugs = null,
        IConfigurationSection? fields = null,
        IConfigurationSection? attributes = null,
        IConfigurationSection? include = null,
        IConfigurationSection? exclude = null,
        IConfigurationSection? redact = null,
        string? eventTimeUnit = null,
        string? period = null,
        string? batchSizeLimit = null,
        string? queueLimit = null,
        string? outboxPath = null,
        string? outboxSizeLimit = null,
        string? maxInFlight = null,
        string? requestTimeout = null,
        string? retryTimeLimit = null,
        string? flushTimeout = null,
        string? detectCaptivePortal = null,
        string? restrictedToMinimumLevel = null,
        LoggingLevelSwitch? levelSwitch = null)
    {
        ArgumentNullException.ThrowIfNull(auditConfiguration);
        ArgumentNullException.ThrowIfNull(appConfiguration);
        var problems = new List<string>();
        var options = SinkArguments.Read(
            appConfiguration,
            [
                (nameof(appId), appId), (nameof(devKey), devKey), (nameof(endpoint), endpoint),
                (nameof(eventTimeUnit), eventTimeUnit), (nameof(period), period),
                (nameof(batchSizeLimit), batchSizeLimit), (nameof(queueLimit), queueLimit),
                (nameof(outboxPath), outboxPath), (nameof(outboxSizeLimit), outboxSizeLimit),
                (nameof(maxInFlight), maxInFlight), (nameof(requestTimeout), requestTimeout),
                (nameof(retryTimeLimit), retryTimeLimit), (nameof(flushTimeout), flushTimeout),
                (nameof(detectCaptivePortal), detectCaptivePortal),
            ],
            [
                (nameof(apps), apps), (nameof(slugs), slugs), (nameof(fields), fields),
                (nameof(attributes), attributes), (nameof(include), include), (nameof(exclude), exclude),
                (nameof(redact), redact),
            ],
            restrictedToMinimumLevel, levelSwitch, problems);
        return auditConfiguration.Metrix(options, problems);
    }

    /// <summary>
    /// Sends log events that are Metrix events, with the settings that you set in code, and returns from the log call
    /// only when the event is safe.
    /// </summary>
    /// <param name="auditConfiguration">The configuration of the logger's audit sinks.</param>
    /// <param name="configure">Sets the options. The app and its key are required.</param>
    /// <returns>The logger configuration, for chaining.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A setting is missing or invalid. The message names each one and shows a
    /// valid value.</exception>
    public static LoggerConfiguration Metrix(
        this LoggerAuditSinkConfiguration auditConfiguration, Action<MetrixSinkOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(auditConfiguration);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new MetrixSinkOptions();
        configure(options);
        return auditConfiguration.Metrix(options, problems: []);
    }

    private static LoggerConfiguration Metrix(
        this LoggerAuditSinkConfiguration auditConfiguration, MetrixSinkOptions options, IEnumerable<string> problems)
    {
        OptionsValidator.Validate(options, problems);
        return auditConfiguration.Sink(
            new MetrixAuditSink(options), options.RestrictedToMinimumLevel, options.LevelSwitch);
    }
}
