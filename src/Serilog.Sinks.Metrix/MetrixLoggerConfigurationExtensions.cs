using Metrix.Client;
using Metrix.Client.Configuration;
using Microsoft.Extensions.Configuration;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.Metrix;
using Serilog.Sinks.Metrix.Configuration;

namespace Serilog;

/// <summary>
/// Adds <c>WriteTo.Metrix()</c> to the logger configuration.
/// </summary>
public static class MetrixLoggerConfigurationExtensions
{
    // Keep this overload first. The configuration reader takes the method that matches the most argument names, then
    // the one with the most string parameters among them, then the first. This overload takes every value as text, so
    // it can report a value that does not parse with the name of the setting and a valid value. The configuration
    // reader would throw without either.

    /// <summary>
    /// Sends log events that are Metrix events, with the settings of the section <c>Metrix</c> and of the arguments.
    /// </summary>
    /// <remarks>
    /// An argument overrides the same setting of the section. The configuration <c>"WriteTo": [ "Metrix" ]</c> calls
    /// this method.
    /// </remarks>
    /// <param name="sinkConfiguration">The configuration of the logger's sinks.</param>
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
    /// <exception cref="ArgumentNullException"><paramref name="sinkConfiguration"/> or
    /// <paramref name="appConfiguration"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is missing, unknown or invalid. The message names each one and
    /// shows a valid value.</exception>
    public static LoggerConfiguration Metrix(
        this LoggerSinkConfiguration sinkConfiguration,
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
        ArgumentNullException.ThrowIfNull(sinkConfiguration);
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
        return sinkConfiguration.Metrix(options, problems);
    }

    /// <summary>
    /// Sends log events that are Metrix events, with the settings of the arguments.
    /// </summary>
    /// <remarks>
    /// A setting that you omit keeps the value from the section <c>Metrix</c> of <paramref name="configuration"/>, or
    /// its default.
    /// </remarks>
    /// <param name="sinkConfiguration">The configuration of the logger's sinks.</param>
    /// <param name="appId">See <see cref="MetrixOptions.AppId"/>.</param>
    /// <param name="devKey">See <see cref="MetrixOptions.DevKey"/>.</param>
    /// <param name="endpoint">See <see cref="MetrixOptions.Endpoint"/>. Default
    /// <c>https://analytics.metrix.ir</c>.</param>
    /// <param name="apps">See <see cref="MetrixOptions.Apps"/>.</param>
    /// <param name="slugs">See <see cref="MetrixOptions.Slugs"/>. Merged with the section's entries.</param>
    /// <param name="fields">See <see cref="MetrixOptions.Fields"/>. Merged with the section's entries.</param>
    /// <param name="attributes">See <see cref="MetrixOptions.Attributes"/>.</param>
    /// <param name="include">See <see cref="MetrixOptions.Include"/>.</param>
    /// <param name="exclude">See <see cref="MetrixOptions.Exclude"/>.</param>
    /// <param name="redact">See <see cref="MetrixOptions.Redact"/>.</param>
    /// <param name="eventTimeUnit">See <see cref="MetrixOptions.EventTimeUnit"/>. Default milliseconds.</param>
    /// <param name="period">See <see cref="MetrixOptions.Period"/>. Default 2 seconds.</param>
    /// <param name="batchSizeLimit">See <see cref="MetrixOptions.BatchSizeLimit"/>. Default 500 events.</param>
    /// <param name="queueLimit">See <see cref="MetrixOptions.QueueLimit"/>. Default 100,000 events.</param>
    /// <param name="outboxPath">See <see cref="MetrixOptions.OutboxPath"/>.</param>
    /// <param name="outboxSizeLimit">See <see cref="MetrixOptions.OutboxSizeLimit"/>. Default 64 MiB, or 512 MiB with
    /// <paramref name="outboxPath"/>.</param>
    /// <param name="maxInFlight">See <see cref="MetrixOptions.MaxInFlight"/>. Default 64 requests.</param>
    /// <param name="requestTimeout">See <see cref="MetrixOptions.RequestTimeout"/>. Default 10 seconds.</param>
    /// <param name="retryTimeLimit">See <see cref="MetrixOptions.RetryTimeLimit"/>. Default 1 hour, or 72 hours
    /// with <paramref name="outboxPath"/>.</param>
    /// <param name="flushTimeout">See <see cref="MetrixOptions.FlushTimeout"/>. Default 8 seconds.</param>
    /// <param name="detectCaptivePortal">See <see cref="MetrixOptions.DetectCaptivePortal"/>. Default true.</param>
    /// <param name="restrictedToMinimumLevel">See <see cref="MetrixSinkOptions.RestrictedToMinimumLevel"/>.</param>
    /// <param name="levelSwitch">See <see cref="MetrixSinkOptions.LevelSwitch"/>.</param>
    /// <param name="configuration">The application's configuration, or its section <c>Metrix</c>. Default null: only
    /// the arguments are used.</param>
    /// <returns>The logger configuration, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="sinkConfiguration"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is missing, unknown or invalid. The message names each one and
    /// shows a valid value.</exception>
    public static LoggerConfiguration Metrix(
        this LoggerSinkConfiguration sinkConfiguration,
        string? appId = null,
        string? devKey = null,
        Uri? endpoint = null,
        IDictionary<string, MetrixAppOptions>? apps = null,
        IDictionary<string, string>? slugs = null,
        IDictionary<string, string>? fields = null,
        string[]? attributes = null,
        string[]? include = null,
        string[]? exclude = null,
        IDictionary<string, MetrixRedaction>? redact = null,
        MetrixEventTimeUnit? eventTimeUnit = null,
        TimeSpan? period = null,
        int? batchSizeLimit = null,
        int? queueLimit = null,
        string? outboxPath = null,
        long? outboxSizeLimit = null,
        int? maxInFlight = null,
        TimeSpan? requestTimeout = null,
        TimeSpan? retryTimeLimit = null,
        TimeSpan? flushTimeout = null,
        bool? detectCaptivePortal = null,
        LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        LoggingLevelSwitch? levelSwitch = null,
        IConfiguration? configuration = null)
    {
        ArgumentNullException.ThrowIfNull(sinkConfiguration);
        var options = new MetrixSinkOptions
        {
            RestrictedToMinimumLevel = restrictedToMinimumLevel,
            LevelSwitch = levelSwitch,
        };
        var problems = new List<string>();
        if (configuration is not null)
            SinkArguments.ReadSection(options, configuration, problems);
        SinkArguments.PreferArguments(options, appId is not null || devKey is not null, apps is not null);

        options.AppId = appId ?? options.AppId;
        options.DevKey = devKey ?? options.DevKey;
        options.Endpoint = endpoint ?? options.Endpoint;
        Merge(apps, options.Apps);
        foreach (var (name, slug) in slugs ?? new Dictionary<string, string>())
            options.Slugs[name] = slug;
        Merge(fields, options.Fields);
        Replace(attributes, options.Attributes);
        Replace(include, options.Include);
        Replace(exclude, options.Exclude);
        Merge(redact, options.Redact);
        options.EventTimeUnit = eventTimeUnit ?? options.EventTimeUnit;
        options.Period = period ?? options.Period;
        options.BatchSizeLimit = batchSizeLimit ?? options.BatchSizeLimit;
        options.QueueLimit = queueLimit ?? options.QueueLimit;
        options.OutboxPath = outboxPath ?? options.OutboxPath;
        if (outboxSizeLimit is { } sizeLimitBytes)
            options.OutboxSizeLimit = sizeLimitBytes;
        options.MaxInFlight = maxInFlight ?? options.MaxInFlight;
        options.RequestTimeout = requestTimeout ?? options.RequestTimeout;
        if (retryTimeLimit is { } timeLimit)
            options.RetryTimeLimit = timeLimit;
        options.FlushTimeout = flushTimeout ?? options.FlushTimeout;
        options.DetectCaptivePortal = detectCaptivePortal ?? options.DetectCaptivePortal;
        return sinkConfiguration.Metrix(options, problems);
    }

    /// <summary>
    /// Sends log events that are Metrix events, with the settings that you set in code.
    /// </summary>
    /// <param name="sinkConfiguration">The configuration of the logger's sinks.</param>
    /// <param name="configure">Sets the options. The app and its key are required.</param>
    /// <returns>The logger configuration, for chaining.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A setting is missing or invalid. The message names each one and shows a
    /// valid value.</exception>
    public static LoggerConfiguration Metrix(
        this LoggerSinkConfiguration sinkConfiguration, Action<MetrixSinkOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(sinkConfiguration);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new MetrixSinkOptions();
        configure(options);
        return sinkConfiguration.Metrix(options, problems: []);
    }

    private static LoggerConfiguration Metrix(
        this LoggerSinkConfiguration sinkConfiguration, MetrixSinkOptions options, IEnumerable<string> problems)
    {
        OptionsValidator.Validate(options, problems);
        return sinkConfiguration.Sink(new MetrixSink(options), options.RestrictedToMinimumLevel, options.LevelSwitch);
    }

    private static void Merge<T>(IDictionary<string, T>? source, IDictionary<string, T> target)
    {
        foreach (var (name, value) in source ?? new Dictionary<string, T>())
            target[name] = value;
    }

    private static void Replace(string[]? source, IList<string> target)
    {
        if (source is null)
            return;

        target.Clear();
        foreach (var name in source)
            target.Add(name);
    }
}
