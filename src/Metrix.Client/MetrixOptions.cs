using System.Net.Http;

namespace Metrix.Client;

/// <summary>
/// The settings of a <see cref="MetrixClient"/>, and of every front end that is built on it. They are read and checked
/// once, when the client is made; a later change of this object has no effect.
/// </summary>
/// <remarks>
/// In configuration these names stand in the section <c>Metrix</c>. What is missing or impossible throws an
/// <see cref="ArgumentException"/> that names every setting that is wrong and shows a right value.
/// </remarks>
public class MetrixOptions
{
    private long? _outboxSizeLimit;
    private TimeSpan? _retryTimeLimit;

    /// <summary>
    /// The app's id in the Metrix panel. Required, unless <see cref="Apps"/> is used.
    /// </summary>
    public string? AppId { get; set; }

    /// <summary>
    /// The app's secret key (<c>dev-key</c> in the panel). Required, unless <see cref="Apps"/> is used. It stands in no
    /// message, exception or dump of this library.
    /// </summary>
    public string? DevKey { get; set; }

    /// <summary>
    /// Where Metrix listens: an absolute <c>https</c> or <c>http</c> address. Default
    /// <c>https://analytics.metrix.ir</c>. Events go to <c>{endpoint}/inappevent/{appId}</c>. A cleartext address that
    /// is not this machine's own is allowed, and said once.
    /// </summary>
    public Uri Endpoint { get; set; } = new("https://analytics.metrix.ir");

    /// <summary>
    /// Several apps by name, instead of the single <see cref="AppId"/> and <see cref="DevKey"/>. An event belongs to the
    /// app that its <c>metrix.app</c> names; else to the app named <c>android</c> when it has an Android advertising id,
    /// and to the one named <c>ios</c> when it has an Apple one. Empty by default.
    /// </summary>
    public IDictionary<string, MetrixAppOptions> Apps { get; }
        = new Dictionary<string, MetrixAppOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The slug map: from the name that the code uses (<c>Purchase</c>) to the slug that the panel gave the event
    /// (<c>taqsq</c>), where need be under conditions: <see cref="MetrixEventRule.When"/>. Names are compared without regard to
    /// case. Empty by default.
    /// </summary>
    public IDictionary<string, MetrixEventRule> Slugs { get; }
        = new Dictionary<string, MetrixEventRule>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Other names to read the fields of an event from: <c>metrixUserId</c>, <c>metrixSessionId</c>,
    /// <c>advertisingId</c>, <c>idfa</c>, <c>deviceIp</c>, <c>eventTime</c> and <c>app</c>, each to the name of a
    /// property, tag or attribute that the application has already. The standard names (<c>metrix.user_id</c>, …) are
    /// read where that one is not found. Empty by default.
    /// </summary>
    public IDictionary<string, string> Fields { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Names, or <c>prefix*</c>, whose numbers are sent as attributes: an order number is not a quantity. Empty by
    /// default.
    /// </summary>
    public IList<string> Attributes { get; } = [];

    /// <summary>
    /// Names, or <c>prefix*</c>, that are sent although <see cref="Exclude"/> or the built-in list of what frameworks add
    /// for their own ends (<c>SourceContext</c>, <c>RequestId</c>, …) would leave them out. Empty by default.
    /// </summary>
    public IList<string> Include { get; } = [];

    /// <summary>
    /// Names, or <c>prefix*</c>, that are not sent. <c>*</c> leaves out all that <see cref="Include"/> does not name.
    /// Empty by default.
    /// </summary>
    public IList<string> Exclude { get; } = [];

    /// <summary>
    /// Names, or <c>prefix*</c>, of attributes and metrics that must not leave as they are, and what becomes of them. A name
    /// covers all that lies in an object of that name; what lies in a list is left out of it either way. Empty by default.
    /// </summary>
    public IDictionary<string, MetrixRedaction> Redact { get; }
        = new Dictionary<string, MetrixRedaction>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The unit of <c>eventTime</c>. Default <see cref="MetrixEventTimeUnit.Milliseconds"/>.
    /// </summary>
    public MetrixEventTimeUnit EventTimeUnit { get; set; }

    /// <summary>
    /// How often what was collected is handed on as a batch. Default 2 seconds; from 10 milliseconds to 1 hour.
    /// </summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many events make a batch that does not wait for the <see cref="Period"/>. Default 500; from 1 to 100,000.
    /// </summary>
    public int BatchSizeLimit { get; set; } = 500;

    /// <summary>
    /// How many events of an app may be kept in memory, from the call that logs them until their outcome is known, or until they
    /// are in the file of <see cref="OutboxPath"/>. Default 100,000; from 1 to 10,000,000. Beyond it the newest is refused,
    /// counted as dropped and reported.
    /// </summary>
    public int QueueLimit { get; set; } = 100_000;

    /// <summary>
    /// The file in which events wait, so that they survive the end of the process. It takes the package
    /// Metrix.Client.Sqlite, and is made when it is not there. Several processes of one machine may use one file. Default
    /// null: events wait in memory.
    /// </summary>
    public string? OutboxPath { get; set; }

    /// <summary>
    /// How many bytes the events that wait may take: in memory those of one app, with what a failure listener wants back, and
    /// with <see cref="OutboxPath"/> the whole file. Default 64 MiB in memory, 512 MiB in a file; from 64 KiB to 1 TiB. Beyond it the newest is refused, counted as dropped and reported.
    /// </summary>
    public long OutboxSizeLimit
    {
        get => _outboxSizeLimit ?? (OutboxPath is null ? 64L : 512L) * 1024 * 1024;
        set => _outboxSizeLimit = value;
    }

    /// <summary>
    /// How many requests may be under way at once, for each app. Default 64; from 1 to 1,000.
    /// </summary>
    public int MaxInFlight { get; set; } = 64;

    /// <summary>
    /// How long one request may take, give or take an eighth, before it is given up and tried again. Default 10 seconds; from 10 milliseconds to
    /// 10 minutes.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an event is tried again before it is given up and counted as expired. Default 1 hour in memory, 72 hours
    /// with <see cref="OutboxPath"/>; from 1 second to 30 days.
    /// </summary>
    public TimeSpan RetryTimeLimit
    {
        get => _retryTimeLimit ?? TimeSpan.FromHours(OutboxPath is null ? 1 : 72);
        set => _retryTimeLimit = value;
    }

    /// <summary>
    /// How long closing may take to deliver what still waits, also when the server never answers. Default 10 seconds;
    /// from 1 millisecond to 1 hour. What is left then stays in the file of <see cref="OutboxPath"/>; in memory it is
    /// abandoned: counted, and reported with its number.
    /// </summary>
    public TimeSpan FlushTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The clock, for tests. Default <see cref="TimeProvider.System"/>. In code only.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Makes the handler that sends the requests, for a proxy, a client certificate or a test. It is called once, when
    /// the first event is sent, and what it returns is disposed with the client. The default, null, is a
    /// <see cref="SocketsHttpHandler"/> that follows no redirect, keeps no cookies, renews its connections every 5
    /// minutes, and whose requests are neither logged nor traced. In code only.
    /// </summary>
    public Func<HttpMessageHandler>? HttpMessageHandlerFactory { get; set; }

    /// <summary>
    /// Called with each diagnostic message, on a background thread or on the thread that was refused an event, with the
    /// same cause at most once a minute. No message holds a key, an id or a value. Default null: a front end reports to
    /// its host's own channel. In code only.
    /// </summary>
    public Action<string>? Diagnostics { get; set; }

    /// <summary>A copy whose single values no later change reaches. The lists and maps are read when a client is made.</summary>
    internal MetrixOptions Snapshot() => (MetrixOptions)MemberwiseClone();
}
