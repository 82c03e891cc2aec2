using System.Diagnostics.CodeAnalysis;
using Metrix.Emulator.Faults;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;

namespace Metrix.Emulator;

/// <summary>
/// The Metrix server-to-server API on this machine: checks what is sent to it as strictly as it can and keeps it, byte
/// for byte. Takes nothing from the configuration of the application that it runs in, logs nothing and handles no
/// signals.
/// </summary>
/// <remarks>
/// The server beneath it starts no activities. Its counters are those of every Kestrel server: whoever listens to the
/// meter <c>Microsoft.AspNetCore.Server.Kestrel</c> of this process sees the emulator's connections too.
/// </remarks>
public sealed class MetrixEmulator : IAsyncDisposable
{
    private const string NeverAmbiguous = "One overload takes a number first, the other a delegate.";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly EventStore _store;
    private readonly FaultPlan _faults;
    private readonly KeyMask _mask;
    private readonly EmulatorServer _server;

    private MetrixEmulator(EventStore store, FaultPlan faults, KeyMask mask, EmulatorServer server)
    {
        _store = store;
        _faults = faults;
        _mask = mask;
        _server = server;
    }

    /// <summary>
    /// Where to send, such as <c>http://127.0.0.1:41234/</c>, and the address of the page in a browser. An emulator that
    /// listens on every address gives loopback.
    /// </summary>
    public Uri Endpoint => _server.Endpoint;

    /// <summary>The accepted events in order of arrival, as of now: a snapshot, cheap to take.</summary>
    public IReadOnlyList<EmulatorEvent> Events => _store.Accepted.Items;

    /// <summary>The rejected requests in order of arrival, as of now: a snapshot, cheap to take.</summary>
    public IReadOnlyList<EmulatorRejection> Rejected => _store.Rejected.Items;

    /// <summary>
    /// The faults that are in force: the first one that takes a request decides its answer, before
    /// <see cref="MetrixEmulatorOptions.Answer"/> is asked. None at first; setting replaces them all, an empty list takes
    /// them away. Reading gives those that are not over, with the number of requests that is left to each.
    /// </summary>
    public IReadOnlyList<EmulatorFault> Faults
    {
        get => _faults.Current;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _faults.Set(value);
        }
    }

    /// <summary>Starts an emulator; it listens when the task completes.</summary>
    /// <param name="options">The options, copied; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">An option is impossible; the message names it.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<MetrixEmulator> StartAsync(
        MetrixEmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var settings = new EmulatorSettings(options ?? new MetrixEmulatorOptions());
        var store = new EventStore(settings.Capacity);
        var faults = new FaultPlan(store.Pulse);
        var server = await EmulatorServer.StartAsync(settings, store, faults, cancellationToken).ConfigureAwait(false);
        return new MetrixEmulator(store, faults, new KeyMask(settings), server);
    }

    /// <summary>Forgets what arrived: events, rejected requests, and the counts that are waited for.</summary>
    public void Clear() => _store.Clear();

    /// <summary>Waits for at least so many accepted events since the start or the last <see cref="Clear"/>.</summary>
    /// <param name="events">How many; those dropped beyond the capacity count too.</param>
    /// <param name="timeout">How long; 30 seconds by default, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Fewer came in time; the message says what came instead, and why.</exception>
    /// <exception cref="ObjectDisposedException">The emulator was stopped first.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = NeverAmbiguous)]
    public Task WaitForAsync(int events, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WaitAsync((accepted, _) => accepted.Total >= events, $"{events} accepted events", timeout, cancellationToken);

    /// <summary>Waits until the accepted events are as they should be.</summary>
    /// <param name="until">Asked at first and after arrivals; what it throws ends the wait.</param>
    /// <param name="timeout">How long; 30 seconds by default, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It did not come true in time; the message says what came.</exception>
    /// <exception cref="ObjectDisposedException">The emulator was stopped first.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = NeverAmbiguous)]
    public Task WaitForAsync(
        Func<IReadOnlyList<EmulatorEvent>, bool> until,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(until);
        return WaitAsync((accepted, _) => until(accepted.Items), "a condition", timeout, cancellationToken);
    }

    /// <summary>Waits for at least so many rejected requests since the start or the last <see cref="Clear"/>.</summary>
    /// <param name="requests">How many; those dropped beyond the capacity count too.</param>
    /// <param name="timeout">How long; 30 seconds by default, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Fewer came in time; the message says what came instead, and why.</exception>
    /// <exception cref="ObjectDisposedException">The emulator was stopped first.</exception>
    public Task WaitForRejectedAsync(
        int requests, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WaitAsync(
            (_, rejected) => rejected.Total >= requests, $"{requests} rejected requests", timeout, cancellationToken);

    /// <summary>Stops at once: requests that are held are cut off. What arrived can still be read.</summary>
    /// <returns>A task that completes when the port is free again.</returns>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        _store.Close();
    }

    private async Task WaitAsync(
        Func<LogSnapshot<EmulatorEvent>, LogSnapshot<EmulatorRejection>, bool> until,
        string awaited, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var limit = timeout ?? DefaultTimeout;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            await _store.WaitAsync(until, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException(StoredRequestSummary.Write(awaited, limit, _store.Accepted, _store.Rejected, _mask));
        }
    }
}
