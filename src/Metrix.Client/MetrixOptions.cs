using System.Net.Http;

namespace Metrix.Client;

/// <summary>
/// Holds the settings of a <see cref="MetrixClient"/> and of every front end that is built on it. They are read and
/// validated once, when the client is created. Later changes have no effect.
/// </summary>
/// <remarks>
/// In configuration, these names are keys of the section <c>Metrix</c>. A missing or invalid setting throws an
/// <see cref="ArgumentException"/> that names each setting that is wrong and shows a valid value.
/// </remarks>
public class MetrixOptions
{
    private long? _outboxSizeLimit;
    private TimeSpan? _retryTimeLimit;

    /// <summary>
    /// Gets or sets the app's id in the Metrix panel. Required unless <see cref="Apps"/> is used.
    /// </summary>
    public string? AppId { get; set; }

    /// <summary>
    /// Gets or sets the app's secret dev key. Required unless <see cref="Apps"/> is used. The library never writes it
    /// to a message, an exception or a dump.
    /// </summary>
    public string? DevKey { get; set; }

    /// <summary>
    /// Gets or sets the address of Metrix: an absolute <c>https</c> or <c>http</c> address. Default
    /// <c>https://analytics.metrix.ir</c>. Events are posted to <c>{endpoint}/inappevent/{appId}</c>. An <c>http</c>
    /// address that is not a loopback address is allowed and reported once.
    /// </summary>
    public Uri Endpoint { get; set; } = new("https://analytics.metrix.ir");

    /// <summary>
    /// Gets several apps by name, instead of the single <see cref="AppId"/> and <see cref="DevKey"/>. An event belongs
    /// to the app that its <c>metrix.app</c> names. Without it, an event with a Google advertising id belongs to the
    /// app named <c>android</c>, and one with an Apple advertising id to the app named <c>ios</c>. Empty by default.
    /// </summary>
    public IDictionary<string, MetrixAppOptions> Apps { get; }
        = new Dictionary<string, MetrixAppOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Gets the slug map: from the name that the code uses (<c>Purchase</c>) to the slug from the panel (<c>taqsq</c>),
    /// optionally under conditions (<see cref="MetrixEventRule.When"/>). Names ignore case. Empty by default.
    /// </summary>
    public IDictionary<string, MetrixEventRule> Slugs { get; }
        = new Dictionary<string, MetrixEventRule>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Gets the names of your own properties, tags or attributes that hold the fields of an event: from
    /// <c>metrixUserId</c>, <c>metrixSessionId</c>, <c>advertisingId</c>, <c>idfa</c>, <c>deviceIp</c>,
    /// <c>eventTime</c> or <c>app</c> to the name of the property. The standard names (<c>metrix.user_id</c>, …) are
    /// read if that property is missing. Empty by default.
    /// </summary>
    public IDictionary<string, string> Fields { get; }
        = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Gets the names, or <c>prefix*</c>, of numbers that are sent as attributes, such as order numbers. Empty by
    /// default.
    /// </summary>
    public IList<string> Attributes { get; } = [];

    /// <summary>
    /// Gets the names, or <c>prefix*</c>, of properties that are sent even if <see cref="Exclude"/> or the built-in
    /// list of framework properties (<c>SourceContext</c>, <c>RequestId</c>, …) excludes them. Empty by default.
    /// </summary>
    public IList<string> Include { get; } = [];

    /// <summary>
    /// Gets the names, or <c>prefix*</c>, of properties that are not sent. <c>*</c> excludes everything that
    /// <see cref="Include"/> does not name. Empty by default.
    /// </summary>
    public IList<string> Exclude { get; } = [];

    /// <summary>
    /// Gets the names, or <c>prefix*</c>, of attributes and metrics to redact, and how. A name covers everything in an
    /// object of that name. Inside a list, a redacted value is always dropped. Empty by default.
    /// </summary>
    public IDictionary<string, MetrixRedaction> Redact { get; }
        = new Dictionary<string, MetrixRedaction>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Gets or sets the unit of <c>eventTime</c>. Default <see cref="MetrixEventTimeUnit.Milliseconds"/>.
    /// </summary>
    public MetrixEventTimeUnit EventTimeUnit { get; set; }

    /// <summary>
    /// Gets or sets the longest time that an event waits for its batch. Default 2 seconds; from 10 milliseconds to
    /// 1 hour.
    /// </summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Gets or sets the number of events that complete a batch before its <see cref="Period"/> ends. Default 500; from
    /// 1 to 100,000.
    /// </summary>
    public int BatchSizeLimit { get; set; } = 500;

    /// <summary>
    /// Gets or sets the number of events of an app that may be in memory: from the call that logs an event until its
    /// outcome is known, or until the event is in the file of <see cref="OutboxPath"/>. Default 100,000; from 1 to
    /// 10,000,000. Above the limit, new events are dropped, counted and reported.
    /// </summary>
    public int QueueLimit { get; set; } = 100_000;

    /// <summary>
    /// Gets or sets the path of the outbox file, in which events survive the end of the process. Requires the package
    /// Metrix.Client.Sqlite. The file is created if it does not exist. Several processes of one machine may share it.
    /// Default null: events wait in memory.
    /// </summary>
    public string? OutboxPath { get; set; }

    /// <summary>
    /// Gets or sets the number of bytes that waiting events may use: per app in memory, including the records kept for
    /// a failure listener; in total with <see cref="OutboxPath"/>. Default 64 MiB in memory, 512 MiB in a file; from 64
    /// KiB to 1 TiB. Above the limit, new events are dropped, counted and reported.
    /// </summary>
    public long OutboxSizeLimit
    {
        get => _outboxSizeLimit ?? (OutboxPath is null ? 64L : 512L) * 1024 * 1024;
        set => _outboxSizeLimit = value;
    }

    /// <summary>
    /// Gets or sets the number of concurrent requests for each app. Default 64; from 1 to 1,000.
    /// </summary>
    public int MaxInFlight { get; set; } = 64;

    /// <summary>
    /// Gets or sets the time limit of one request, accurate to an eighth. After it, the request is canceled and the
    /// event retried. Default 10 seconds; from 10 milliseconds to 10 minutes.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets how long an event is retried before it expires. Default 1 hour in memory, 72 hours with
    /// <see cref="OutboxPath"/>; from 1 second to 30 days.
    /// </summary>
    public TimeSpan RetryTimeLimit
    {
        get => _retryTimeLimit ?? TimeSpan.FromHours(OutboxPath is null ? 1 : 72);
        set => _retryTimeLimit = value;
    }

    /// <summary>
    /// Gets or sets how long closing may take to deliver waiting events, even if the server never answers. Default
    /// 8 seconds; from 1 millisecond to 1 hour. Events that still wait then are kept in the file of
    /// <see cref="OutboxPath"/>. In memory they are abandoned: lost, counted and reported.
    /// </summary>
    /// <remarks>
    /// The first close of the process sets a deadline that later closes share, so that an application with several
    /// loggers and providers ends in time. A client that closes before that deadline, or in the two seconds after a
    /// close that reached it, has only the time that is left. A longer setting does not extend it. Closing ends at most
    /// a second after the limit, also if the disk, the thread pool or a callback of the application blocks. The default
    /// fits into the 10 seconds that a container has to stop.
    /// </remarks>
    public TimeSpan FlushTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Gets or sets whether a first successful answer that is an HTML page pauses delivery, because it comes from
    /// another server: the sign-in page of a network (captive portal) or the page of a parked domain. Default true. An
    /// answer is a page if its <c>Content-Type</c> is <c>text/html</c> and it begins as a page. After a first delivery,
    /// every 2xx counts as a delivery. With false, every 2xx does from the beginning.
    /// </summary>
    public bool DetectCaptivePortal { get; set; } = true;

    /// <summary>
    /// Gets or sets the clock, for tests. Default <see cref="TimeProvider.System"/>. Available in code only.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Gets or sets a factory for the handler that sends the requests, for a proxy, a client certificate or a test. It
    /// is called once, with the first event. The client disposes the handler. Default null: a
    /// <see cref="SocketsHttpHandler"/> that follows no redirects, keeps no cookies, renews its connections every
    /// 5 minutes, and neither logs nor traces. It tries the addresses of the host 250 milliseconds apart, sends HTTP/2
    /// pings every 5 seconds while requests wait, and uses no proxy for a loopback endpoint. Available in code only.
    /// </summary>
    public Func<HttpMessageHandler>? HttpMessageHandlerFactory { get; set; }

    /// <summary>
    /// Gets or sets a callback that receives diagnostic messages, each cause at most once a minute (what was
    /// over and begins again, up to four times). It runs on a background thread, or on the thread whose event was
    /// dropped. Messages never contain keys, ids or values. Default null: a front end writes to its host's own channel.
    /// Available in code only.
    /// </summary>
    public Action<string>? Diagnostics { get; set; }

    /// <summary>Returns a copy that later changes to single values do not reach. Collections are shared.</summary>
    internal MetrixOptions Snapshot() => (MetrixOptions)MemberwiseClone();
}
