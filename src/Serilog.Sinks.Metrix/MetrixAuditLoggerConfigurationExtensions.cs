using Metrix.Client;
using Metrix.Client.Configuration;
using Microsoft.Extensions.Configuration;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Sinks.Metrix;
using Serilog.Sinks.Metrix.Configuration;

namespace Serilog;

/// <summary>
/// Adds <c>AuditTo.Metrix()</c> to the configuration of a logger.
/// </summary>
public static class MetrixAuditLoggerConfigurationExtensions
{
    // The same order as for WriteTo: configuration takes the first of those that fit equally well.

    /// <summary>
    /// Sends the log events that are Metrix events to Metrix, and lets no call that logs one return before the event is safe:
    /// with <paramref name="outboxPath"/> it is on the disk then, and without it Metrix has taken it. A call whose event is
    /// neither throws. This is also what <c>"AuditTo": [ "Metrix" ]</c> in configuration calls.
    /// </summary>
    /// <remarks>
    /// An event that is invalid, that there is no room for, or that could not be delivered within
    /// <see cref="MetrixOptions.FlushTimeout"/> throws a <see cref="Debugging.LoggingFailedException"/> out of the
    /// call, inside the <see cref="AggregateException"/> of Serilog's audit; it will not be delivered later. Calls of several
    /// threads share a commit.
    /// </remarks>
    /// <param name="auditConfiguration">The configuration of the logger's audit sinks.</param>
    /// <param name="appConfiguration">The application's configuration, whose section <c>Metrix</c> is read; or that
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
    /// <param name="restrictedToMinimumLevel">See <see cref="MetrixSinkOptions.RestrictedToMinimumLevel"/>.</param>
    /// <param name="levelSwitch">See <see cref="MetrixSinkOptions.LevelSwitch"/>.</param>
    /// <returns>The logger configuration, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="auditConfiguration"/> or
    /// <paramref name="appConfiguration"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is missing, unknown or impossible; the message names each and shows
    /// a right value.</exception>
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
                (nameof(eventTimeUnit), eventTimeUnit), (nameof(period), period), (nameof(batchSizeLimit), batchSizeLimit),
                (nameof(queueLimit), queueLimit), (nameof(outboxPath), outboxPath), (nameof(outboxSizeLimit), outboxSizeLimit),
                (nameof(maxInFlight), maxInFlight), (nameof(requestTimeout), requestTimeout),
                (nameof(retryTimeLimit), retryTimeLimit), (nameof(flushTimeout), flushTimeout),
            ],
            [
                (nameof(apps), apps), (nameof(slugs), slugs), (nameof(fields), fields), (nameof(attributes), attributes),
                (nameof(include), include), (nameof(exclude), exclude), (nameof(redact), redact),
            ],
            restrictedToMinimumLevel, levelSwitch, problems);
        return auditConfiguration.Metrix(options, problems);
    }

    /// <summary>
    /// Sends the log events that are Metrix events to Metrix, each before the call that logs it returns, with settings that are
    /// given in code, all of which stand in <see cref="MetrixSinkOptions"/>.
    /// </summary>
    /// <param name="auditConfiguration">The configuration of the logger's audit sinks.</param>
    /// <param name="configure">Sets what should not keep its default. The app and its key are required.</param>
    /// <returns>The logger configuration, for chaining.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A setting is missing or impossible; the message names each and shows a right
    /// value.</exception>
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
        return auditConfiguration.Sink(new MetrixAuditSink(options), options.RestrictedToMinimumLevel, options.LevelSwitch);
    }
}
