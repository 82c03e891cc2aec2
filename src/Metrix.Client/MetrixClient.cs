using Metrix.Client.Apps;
using Metrix.Client.Configuration;
using Metrix.Client.Delivery;
using Metrix.Client.Intake;
using Metrix.Client.Mapping;
using Metrix.Client.Outbox;
using Metrix.Client.Rules;
using Metrix.Client.Tracking;
using Metrix.Client.Wire;

namespace Metrix.Client;

/// <summary>
/// Sends in-app events to Metrix. Each event is validated and encoded at once, waits in an outbox, and is delivered in
/// the background, retried and accounted for. Thread-safe. Create one for the application and dispose it at the end.
/// </summary>
public sealed class MetrixClient : IDisposable, IAsyncDisposable
{
    private const string UndeliveredMessage = "the event could not be delivered within FlushTimeout, and is lost";

    private const string UnknownMessage =
        "it is unknown whether the event is safe: it could not be stored within FlushTimeout, and may be stored and " +
        "delivered later";

    // How long an audited call waits for an outcome that another thread is about to announce.
    private static readonly TimeSpan AnnouncementLimit = TimeSpan.FromSeconds(1);

    private readonly MetrixOptions _options;
    private readonly HostIntegration _host;
    private readonly Reporter _reporter;
    private readonly IOutbox _outbox;
    private readonly Dictionary<MetrixApp, Dispatcher> _dispatchers;
    private readonly RecordIntake _intake;
    private readonly BuilderPool _builders;
    private readonly ClientShutdown _shutdown;

    // Kept, so that sending allocates no delegate.
    private readonly Action<MetrixEvent, EventBuilder> _read;

    /// <summary>
    /// Initializes a new instance of the <see cref="MetrixClient"/> class. Nothing is sent or connected before the
    /// first event.
    /// </summary>
    /// <param name="options">The settings. They are read and validated now.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is missing or invalid. The message names each and shows a valid
    /// value.</exception>
    public MetrixClient(MetrixOptions options)
        : this(options, new HostIntegration())
    {
    }

    internal MetrixClient(MetrixOptions options, HostIntegration host)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidator.Validate(options);
        _options = options = options.Snapshot();
        _host = host;
        _read = Read;
        _reporter = new Reporter(options.Diagnostics ?? host.Report, options.TimeProvider);
        Tracker = new EventTracker(options, _reporter);
        Slugs = new SlugMap(options.Slugs);
        _builders = new BuilderPool(new MappingRules(options, host.NoiseNames));
        Apps = new AppDirectory(options);
        _outbox = OutboxFactory.Create(new OutboxContext(options, Apps.All, Tracker, _reporter));
        Pipeline = new EventPipeline(options, Apps, Tracker, _outbox, _reporter);
        _intake = new RecordIntake(Apps, Tracker, Pipeline);
        var transport = new HttpTransport(options);
        var api = new InAppEventApi(transport, options.TimeProvider);
        _dispatchers = Apps.All.ToDictionary(
            app => app, app => new Dispatcher(app, _outbox, api, _reporter, options, host.OnSendingThread));
        _shutdown = new ClientShutdown(
            this, options, host, _outbox, _dispatchers.Values, Apps, transport, _reporter);
        foreach (var ledger in Apps.Ledgers)
            Instruments.Open(ledger);
        ClientRegistry.Add(this);
        _outbox.Start(app => _dispatchers[app].Wake());

        if (options.Endpoint is { Scheme: "http", IsLoopback: false })
        {
            _reporter.Report(
                "cleartext",
                () => "Endpoint uses http, so the dev key and the events are sent in clear text. Use https");
        }
    }

    /// <summary>Gets the slug map of the settings.</summary>
    internal SlugMap Slugs { get; }

    /// <summary>Gets the mapping settings.</summary>
    internal MappingRules Rules => _builders.Rules;

    /// <summary>Gets the configured apps.</summary>
    internal AppDirectory Apps { get; }

    /// <summary>Gets what admits and ends events.</summary>
    internal EventTracker Tracker { get; }

    /// <summary>Gets what takes mapped events to the outbox.</summary>
    internal EventPipeline Pipeline { get; }

    /// <summary>Gets the sum of all apps' ledgers.</summary>
    internal LedgerSnapshot Ledger => Apps.Ledgers.Select(ledger => ledger.Read()).Aggregate((a, b) => a + b);

    /// <summary>Gets the health of each app, and with several apps, of the events without a known app.</summary>
    internal IEnumerable<ClientHealth> Health => Apps.Ledgers.Select(ledger => new ClientHealth(
        ledger.App,
        ledger.Read(),
        _dispatchers.Any(pair => pair.Key.Ledger == ledger && pair.Value.IsPaused),
        ledger.StalledFor,
        ledger.TimeSinceInvalid,
        Math.Max(Tracker.BacklogShare(ledger), _outbox.Fullness),
        _outbox.StorageError));

    /// <summary>
    /// Sends an event in the background. An invalid event, or one that there is no room for, is counted and reported.
    /// It does not throw.
    /// </summary>
    /// <param name="metrixEvent">The event. It is read before this method returns.</param>
    /// <exception cref="ArgumentNullException"><paramref name="metrixEvent"/> is null.</exception>
    public void Send(MetrixEvent metrixEvent)
    {
        ArgumentNullException.ThrowIfNull(metrixEvent);
        Accept(metrixEvent, _read, _builders);
    }

    /// <summary>
    /// Waits until the outcome of every event that was sent before this call is known.
    /// </summary>
    /// <param name="timeout">The time limit. Default null: <see cref="MetrixOptions.FlushTimeout"/>.</param>
    /// <returns>True if each of these events was delivered, rejected or expired; false if one was lost meanwhile, or if
    /// the time limit was reached.</returns>
    public Task<bool> FlushAsync(TimeSpan? timeout = null) =>
        FlushAsync(timeout ?? _options.FlushTimeout, CancellationToken.None);

    /// <summary>
    /// Delivers waiting events for at most <see cref="MetrixOptions.FlushTimeout"/> and closes the client. The number
    /// of events that are left is reported. The close has ended a second after the limit, also if the thread pool is
    /// starved or a callback of the application blocks.
    /// </summary>
    public ValueTask DisposeAsync() => new(CloseAsync(_options.FlushTimeout));

    /// <summary>
    /// Does the same as <see cref="DisposeAsync"/> and blocks the calling thread. A callback that runs during the
    /// close, such as <see cref="MetrixOptions.Diagnostics"/>, returns at once.
    /// </summary>
    public void Dispose()
    {
        var closing = CloseAsync(_options.FlushTimeout);
        BlockingWait.Wait(closing, _options.FlushTimeout + ClientShutdown.GracePeriod, _options.TimeProvider);
    }

    /// <summary>
    /// Closes the client within a time limit, on its own thread. Only the first call closes; others wait for it.
    /// </summary>
    /// <returns>True if the outcome of every event is known; false if events were abandoned or kept, or if the call
    /// comes from a callback of the close itself.</returns>
    internal Task<bool> CloseAsync(TimeSpan timeout) =>
        _shutdown.IsRunningHere ? Task.FromResult(false) : _shutdown.CloseAsync(timeout);

    /// <summary>
    /// Waits until the outcome of every event that was emitted before this call is known, including those that the
    /// front end holds.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    internal Task<bool> FlushAsync(CancellationToken cancellationToken) =>
        FlushAsync(_options.FlushTimeout, cancellationToken);

    private async Task<bool> FlushAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var drained = StartFlush();
        if (!drained.IsCompleted)
        {
            try
            {
                await drained.WaitAsync(timeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        return await drained.ConfigureAwait(false);
    }

    /// <summary>
    /// Starts a flush: takes what the front end holds to the outbox and makes retries due now.
    /// </summary>
    /// <returns>See <see cref="WhenDrained"/>.</returns>
    internal Task<bool> StartFlush()
    {
        _host.BeforeFlush?.Invoke();
        var drained = WhenDrained();
        if (!drained.IsCompleted)
            RetryNow();
        return drained;
    }

    /// <summary>
    /// Returns a task that completes when the outcome of every event accepted before this call is known. Its result is
    /// false if one of these events is lost or kept meanwhile.
    /// </summary>
    internal Task<bool> WhenDrained() => Tracker.Flushes.WhenDrained();

    /// <summary>Writes a message to the host's diagnostic channel, each cause at most once a minute.</summary>
    internal void Report(string cause, string message) => _reporter.Report(cause, () => message);

    /// <summary>Makes delayed retries and probes due now.</summary>
    /// <param name="isClosing">Whether the client closes. Later retries are then due soon, too.</param>
    internal void RetryNow(bool isClosing = false)
    {
        foreach (var dispatcher in _dispatchers.Values)
            dispatcher.RetryNow(isClosing);
    }

    /// <summary>
    /// Accepts a recognized record on the thread that emits it: reads it and takes it to the outbox, or ends it. Does
    /// not throw, and keeps nothing of the record.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="read">Reads the record into the builder. It may throw, because the values are the
    /// application's.</param>
    /// <param name="builders">The builders for this kind of record.</param>
    /// <returns>Whether the event is in the outbox.</returns>
    internal bool Accept<TRecord>(TRecord record, Action<TRecord, EventBuilder> read, BuilderPool builders)
    {
        if (_intake.Submit(record, read, builders) is not { } queued)
            return false;

        _dispatchers[queued.App].OnAppended();
        return true;
    }

    /// <summary>
    /// Accepts a recognized record as <see cref="Accept"/> does, and waits until it is safe: committed, if the outbox
    /// is durable, or else delivered. Both have the limit <see cref="MetrixOptions.FlushTimeout"/>.
    /// </summary>
    /// <returns>Null if the event is safe. Otherwise what happened: the event is not and will not be delivered, except
    /// if the limit was reached while it was being stored.</returns>
    internal string? AcceptAndWait<TRecord>(TRecord record, Action<TRecord, EventBuilder> read, BuilderPool builders)
    {
        var waiter = new AuditWaiter();
        if (_intake.Submit(record, read, builders, waiter) is { } queued && !waiter.Failure.IsCompleted)
        {
            if (_outbox.IsDurable)
                _outbox.Commit();
            else
                _dispatchers[queued.App].Wake();
            if (!WaitFor(waiter) && !_outbox.IsDurable)
                Abandon(queued, waiter);
        }

        return waiter.Failure.IsCompleted ? waiter.Failure.Result : UnknownMessage;
    }

    /// <summary>Commits the appended events, because a batch is complete, and wakes delivery.</summary>
    internal void CommitBatch()
    {
        _outbox.Commit();
        foreach (var dispatcher in _dispatchers.Values)
            dispatcher.Wake();
    }

    private bool WaitFor(AuditWaiter waiter)
    {
        using (BlockedPoolThread.Enter())
            return BlockingWait.Wait(waiter.Failure, _options.FlushTimeout, _options.TimeProvider);
    }

    private void Abandon(QueuedEvent queued, AuditWaiter waiter)
    {
        if (queued.TryEnd(_outbox, EventState.Abandoned, null, _ => UndeliveredMessage))
        {
            waiter.Fail(UndeliveredMessage);

            // Its request may still be connecting. Once the call has thrown, nothing may be sent.
            _dispatchers[queued.App].CancelEnded();
            return;
        }

        BlockingWait.Wait(waiter.Failure, AnnouncementLimit, _options.TimeProvider);
    }

    private void Read(MetrixEvent metrixEvent, EventBuilder builder)
    {
        builder.Start(Slugs.Resolve(metrixEvent.Name), metrixEvent.Time ?? builder.Rules.Clock.GetUtcNow());
        builder.Add(FieldNames.NameOf(EventField.App), metrixEvent.App);
        foreach (var (field, value) in metrixEvent.Identity.Fields())
            builder.Add(FieldNames.NameOf(field), value);
        foreach (var (name, value) in metrixEvent.Properties)
            ObjectReader.Add(builder, name, value);
    }
}
