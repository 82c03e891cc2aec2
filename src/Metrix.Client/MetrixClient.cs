using Metrix.Client.Apps;
using Metrix.Client.Configuration;
using Metrix.Client.Delivery;
using Metrix.Client.Intake;
using Metrix.Client.Mapping;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;
using Metrix.Client.Wire;

namespace Metrix.Client;

/// <summary>
/// Sends in-app events to Metrix: each is validated and encoded at once, waits in an outbox, and is delivered in the
/// background, retried, and accounted for. Safe for all threads. Made once for an application, and disposed at its end.
/// </summary>
public sealed class MetrixClient : IDisposable, IAsyncDisposable
{
    // Of the limit of closing, what is kept for breaking off the requests that are under way.
    private static readonly TimeSpan MaxStopTime = TimeSpan.FromSeconds(0.5);

    private const string AbandonedMessage = "the event still waited when the time limit of closing was reached, and is lost";
    private const string UndeliveredMessage = "the event could not be delivered within FlushTimeout, and is given up";

    private readonly MetrixOptions _options;
    private readonly Reporter _reporter;
    private readonly IOutbox _outbox;
    private readonly HttpTransport _transport;
    private readonly Dictionary<MetrixApp, Dispatcher> _dispatchers;
    private readonly object _disposeLock = new();
    private readonly BuilderPool _builders;
    private Task<bool>? _closing;

    /// <summary>
    /// Makes a client. Nothing is sent, and no connection made, before the first event.
    /// </summary>
    /// <param name="options">The settings, which are read and checked now.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is missing or impossible; the message names each and shows a right
    /// value.</exception>
    public MetrixClient(MetrixOptions options)
        : this(options, new HostIntegration())
    {
    }

    internal MetrixClient(MetrixOptions options, HostIntegration frontEnd)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidator.Validate(options);
        _options = options = options.Snapshot();
        _reporter = new Reporter(options.Diagnostics ?? frontEnd.Report, options.TimeProvider);
        Tracker = new EventTracker(options, _reporter);
        _builders = new BuilderPool(new MappingRules(options, frontEnd.NoiseNames));
        Apps = new AppDirectory(options);
        _outbox = OutboxFactory.Create(new OutboxContext(options, Apps.All, Tracker, _reporter));
        Pipeline = new EventPipeline(options, Apps, Tracker, _outbox, _reporter);
        _transport = new HttpTransport(options);
        var api = new InAppEventApi(_transport, options.TimeProvider);
        _dispatchers = Apps.All.ToDictionary(
            app => app, app => new Dispatcher(app, _outbox, api, Tracker, _reporter, options, frontEnd.OnSendingThread));
        foreach (var ledger in Apps.Ledgers)
            Instruments.Open(ledger);
        ClientRegistry.Add(this);
        _outbox.Start(app => _dispatchers[app].Wake());

        if (options.Endpoint is { Scheme: "http", IsLoopback: false })
            _reporter.Report("cleartext", () => "Endpoint is http, so the dev-key and the events travel in clear text. Use https");
    }

    /// <summary>The settings of mapping.</summary>
    internal MappingRules Rules => _builders.Rules;

    /// <summary>The apps of the settings.</summary>
    internal AppDirectory Apps { get; }

    /// <summary>Where events change their state.</summary>
    internal EventTracker Tracker { get; }

    /// <summary>The way of a mapped event into the outbox.</summary>
    internal EventPipeline Pipeline { get; }

    /// <summary>The books of all apps together.</summary>
    internal LedgerSnapshot Ledger => Apps.Ledgers.Select(ledger => ledger.Read()).Aggregate((a, b) => a + b);

    /// <summary>How it stands with each app, and with what belongs to none when there are several.</summary>
    internal IEnumerable<ClientHealth> Health => Apps.Ledgers.Select(ledger => new ClientHealth(
        ledger.App, ledger.Read(), _dispatchers.Any(pair => pair.Key.Ledger == ledger && pair.Value.IsPaused),
        ledger.StalledFor, ledger.TimeSinceInvalid, Math.Max(Tracker.BacklogShare(ledger), _outbox.Fullness), _outbox.StorageError));

    /// <summary>
    /// Sends an event in the background. An event that is not valid, or that there is no room for, is counted and
    /// reported, and throws nothing.
    /// </summary>
    /// <param name="metrixEvent">The event. It is read before this returns.</param>
    /// <exception cref="ArgumentNullException"><paramref name="metrixEvent"/> is null.</exception>
    public void Send(MetrixEvent metrixEvent)
    {
        ArgumentNullException.ThrowIfNull(metrixEvent);
        Accept(metrixEvent, Read, _builders);
    }

    /// <summary>
    /// Waits until the outcome of every event that was sent before this call is known.
    /// </summary>
    /// <param name="timeout">How long to wait at most. Default null: <see cref="MetrixOptions.FlushTimeout"/>.</param>
    /// <returns>True when every one of them was delivered, rejected or expired; false when the time was over.</returns>
    public Task<bool> FlushAsync(TimeSpan? timeout = null) => FlushAsync(timeout ?? _options.FlushTimeout, isClosing: false);

    /// <summary>
    /// Delivers what still waits, for at most <see cref="MetrixOptions.FlushTimeout"/>, and closes. What is left is
    /// reported with its number.
    /// </summary>
    public ValueTask DisposeAsync() => new(CloseAsync(_options.FlushTimeout));

    /// <summary>The same as <see cref="DisposeAsync"/>, on the calling thread.</summary>
    public void Dispose() => Task.Run(() => CloseAsync(_options.FlushTimeout)).GetAwaiter().GetResult();

    /// <summary>Closes within a limit; once, whoever calls, and all who call wait for it.</summary>
    /// <returns>True when the outcome of every event was known by then; false when some were abandoned.</returns>
    internal Task<bool> CloseAsync(TimeSpan timeout)
    {
        lock (_disposeLock)
        {
            return _closing ??= CloseOnceAsync(timeout);
        }
    }

    /// <summary>
    /// A task that ends when the outcome of all that was taken before this call is known, or with false when some of it was
    /// abandoned.
    /// </summary>
    internal Task<bool> WhenDrained() => Tracker.Flushes.WhenDrained();

    /// <summary>Says something on the host's own channel, the same cause at most once a minute.</summary>
    internal void Report(string cause, string message) => _reporter.Report(cause, () => message);

    /// <summary>Tries now what waits for a later time.</summary>
    /// <param name="isClosing">Whether there is little time left.</param>
    internal void RetryNow(bool isClosing = false)
    {
        foreach (var dispatcher in _dispatchers.Values)
            dispatcher.RetryNow(isClosing);
    }

    /// <summary>
    /// Takes a recognised record on the thread that emits it: reads it, and brings it to the outbox or ends it. Throws
    /// nothing, and keeps nothing of the record.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="read">Starts the builder and pushes the record into it. It may throw: the values are the application's.</param>
    /// <param name="builders">The builders of the record's kind.</param>
    /// <returns>Whether the event waits to be delivered now.</returns>
    internal bool Accept<TRecord>(TRecord record, Action<TRecord, EventBuilder> read, BuilderPool builders)
    {
        if (ReadAndSubmit(record, read, builders, receipt: null) is not { } entry)
            return false;

        _dispatchers[entry.App].OnAppended();
        return true;
    }

    /// <summary>
    /// Takes a recognised record as <see cref="Accept"/> does, and waits until it is safe: committed, when the outbox is durable,
    /// and else delivered, for at most <see cref="MetrixOptions.FlushTimeout"/>.
    /// </summary>
    /// <returns>Null when it is safe, or what happened: then it is not, and will not be, delivered.</returns>
    internal string? AcceptAndWait<TRecord>(TRecord record, Action<TRecord, EventBuilder> read, BuilderPool builders)
    {
        var receipt = new AuditWaiter();
        if (ReadAndSubmit(record, read, builders, receipt) is { } entry)
        {
            if (_outbox.IsDurable)
            {
                _outbox.Commit();
            }
            else
            {
                _dispatchers[entry.App].RetryNow(isClosing: false);
                using var wait = new CancellationTokenSource(_options.FlushTimeout, _options.TimeProvider);
                using var end = wait.Token.Register(() => Tracker.TryEnd(
                    entry, _outbox, EventState.Abandoned, null, _ => UndeliveredMessage));
                receipt.Failure.Wait();
            }
        }

        return receipt.Failure.GetAwaiter().GetResult();
    }

    private QueuedEvent? ReadAndSubmit<TRecord>(
        TRecord record, Action<TRecord, EventBuilder> read, BuilderPool builders, AuditWaiter? receipt)
    {
        var builder = builders.Rent();
        try
        {
            var isReadable = TryRead(record, read, builder);
            var ledger = Apps.LedgerOf(Apps.Find(builder));
            if (!Tracker.TryAdmit(ledger, receipt))
                return null;

            return isReadable
                ? Pipeline.Submit(builder, ledger, receipt)
                : Pipeline.Refuse(InvalidReason.Unreadable, builder.Slug, ledger, receipt);
        }
        finally
        {
            builders.Return(builder);
        }
    }

    /// <summary>Lets all that was appended be sent now: a batch is complete.</summary>
    internal void CommitBatch()
    {
        _outbox.Commit();
        foreach (var dispatcher in _dispatchers.Values)
            dispatcher.Wake();
    }

    private static bool TryRead<TRecord>(TRecord record, Action<TRecord, EventBuilder> read, EventBuilder builder)
    {
        try
        {
            read(record, builder);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Values, enumerators and dictionaries are the application's, and may be of any type or changed meanwhile.
            return false;
        }
    }

    private static void Read(MetrixEvent metrixEvent, EventBuilder builder)
    {
        builder.Start(builder.Rules.Slugs.Resolve(metrixEvent.Name), metrixEvent.Time ?? builder.Rules.Clock.GetUtcNow());
        builder.Add(FieldNames.NameOf(EventField.App), metrixEvent.App);
        foreach (var (field, value) in metrixEvent.Identity.Fields())
            builder.Add(FieldNames.NameOf(field), value);
        foreach (var (name, value) in metrixEvent.Properties)
            ObjectReader.Add(builder, name, value);
    }

    private async Task<bool> FlushAsync(TimeSpan timeout, bool isClosing)
    {
        var settled = WhenDrained();
        if (!settled.IsCompleted)
        {
            RetryNow(isClosing);
            await Task.WhenAny(settled, Task.Delay(timeout, _options.TimeProvider)).ConfigureAwait(false);
        }

        return settled.IsCompleted && await settled.ConfigureAwait(false);
    }

    private async Task<bool> CloseOnceAsync(TimeSpan timeout)
    {
        Tracker.Close();
        var startedAt = _options.TimeProvider.GetTimestamp();
        var stopping = timeout / 20 < MaxStopTime ? timeout / 20 : MaxStopTime;
        await FlushAsync(timeout - stopping, isClosing: true).ConfigureAwait(false);
        Tracker.Stop();

        // A flush waits for no event of an earlier process; what of them is under way gets what time is left.
        var left = timeout - stopping - _options.TimeProvider.GetElapsedTime(startedAt);
        var patience = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        await Task.WhenAll(_dispatchers.Values.Select(dispatcher => dispatcher.StopAsync(patience, stopping))).ConfigureAwait(false);
        var abandoned = 0;
        foreach (var entry in await _outbox.CloseAsync(stopping).ConfigureAwait(false))
        {
            if (Tracker.TryEnd(entry, _outbox, EventState.Abandoned, null, _ => AbandonedMessage))
                abandoned++;
        }

        if (abandoned > 0)
        {
            _reporter.Report("abandoned", () =>
                $"the time limit of closing was reached, and {abandoned} events that still waited are lost");
        }

        _reporter.Close();
        foreach (var ledger in Apps.Ledgers)
            Instruments.Close(ledger);
        ClientRegistry.Remove(this);
        try
        {
            _transport.Dispose();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A handler may be anybody's, and all is done.
        }

        return abandoned == 0 && Ledger.Kept == 0;
    }
}
