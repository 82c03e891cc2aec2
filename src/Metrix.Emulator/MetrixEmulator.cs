using System.Diagnostics.CodeAnalysis;
using Metrix.Emulator.Faults;
using Metrix.Emulator.Hosting;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;

namespace Metrix.Emulator;

/// <summary>
/// Emulates the Metrix server-to-server API on this machine: validates every request as strictly as it can and keeps it
/// byte for byte. The emulator ignores the configuration of its host application, logs nothing and handles no signals.
/// </summary>
/// <remarks>
/// The underlying server starts no activities. Its counters are those of every Kestrel server: a listener of the meter
/// <c>Microsoft.AspNetCore.Server.Kestrel</c> in this process also sees the emulator's connections.
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
    /// Gets the address to send events to and to open in a browser, such as <c>http://127.0.0.1:41234/</c>. If the
    /// emulator listens on every address, this is the loopback address.
    /// </summary>
    public Uri Endpoint => _server.Endpoint;

    /// <summary>Gets a snapshot of the accepted events in order of arrival. A snapshot is cheap to take.</summary>
    public IReadOnlyList<EmulatorEvent> Events => _store.Accepted.Items;

    /// <summary>Gets a snapshot of the rejected requests in order of arrival. A snapshot is cheap to take.</summary>
    public IReadOnlyList<EmulatorRejection> Rejected => _store.Rejected.Items;

    /// <summary>
    /// Gets or sets the active faults. The first fault that applies to a request decides the answer, and
    /// <see cref="MetrixEmulatorOptions.Answer"/> is not called. The default is none. Setting the property replaces all
    /// faults; an empty list removes them. The value contains the faults that are not used up, each with its remaining
    /// number of requests.
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

    /// <summary>Starts an emulator. It listens when the task completes.</summary>
    /// <param name="options">The options, or <see langword="null"/> for the defaults. They are copied.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">An option is invalid. The message names it.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<MetrixEmulator> StartAsync(
        MetrixEmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var settings = new EmulatorSettings(options ?? new MetrixEmulatorOptions());
        var store = new EventStore(settings.Capacity);
        var faults = new FaultPlan(store.NotifyChange);
        var mask = new KeyMask(settings.Apps.Values);
        var server = await EmulatorServer.StartAsync(settings, store, faults, mask, cancellationToken)
            .ConfigureAwait(false);
        return new MetrixEmulator(store, faults, mask, server);
    }

    /// <summary>Removes all events and rejected requests, and resets the counts that you can wait for.</summary>
    public void Clear() => _store.Clear();

    /// <summary>
    /// Waits until a number of events was accepted since the start or the last <see cref="Clear"/>.
    /// </summary>
    /// <param name="events">The number of events. Events that were dropped beyond the capacity count.</param>
    /// <param name="timeout">
    /// The longest time to wait. The default is 30 seconds; <see cref="Timeout.InfiniteTimeSpan"/> disables the limit.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">
    /// Fewer events arrived in time. The message lists what arrived and why requests were rejected.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The emulator was stopped during the wait.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = NeverAmbiguous)]
    public Task WaitForAsync(int events, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WaitAsync((accepted, _) => accepted.Total >= events, $"{events} accepted events", timeout, cancellationToken);

    /// <summary>Waits until the accepted events meet a condition.</summary>
    /// <param name="until">
    /// The condition. It is evaluated at once and after arrivals. An exception from it ends the wait.
    /// </param>
    /// <param name="timeout">
    /// The longest time to wait. The default is 30 seconds; <see cref="Timeout.InfiniteTimeSpan"/> disables the limit.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">
    /// The condition was not met in time. The message lists what arrived and why requests were rejected.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The emulator was stopped during the wait.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = NeverAmbiguous)]
    public Task WaitForAsync(
        Func<IReadOnlyList<EmulatorEvent>, bool> until,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(until);
        return WaitAsync((accepted, _) => until(accepted.Items), "a condition", timeout, cancellationToken);
    }

    /// <summary>
    /// Waits until a number of requests was rejected since the start or the last <see cref="Clear"/>.
    /// </summary>
    /// <param name="requests">The number of requests. Requests that were dropped beyond the capacity count.</param>
    /// <param name="timeout">
    /// The longest time to wait. The default is 30 seconds; <see cref="Timeout.InfiniteTimeSpan"/> disables the limit.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">
    /// Fewer requests were rejected in time. The message lists what arrived and why requests were rejected.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The emulator was stopped during the wait.</exception>
    public Task WaitForRejectedAsync(
        int requests, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WaitAsync(
            (_, rejected) => rejected.Total >= requests, $"{requests} rejected requests", timeout, cancellationToken);

    /// <summary>
    /// Stops the emulator at once and disconnects requests that it holds. Stored events and requests remain readable.
    /// </summary>
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
            var isMet = await _store.WaitAsync(until, deadline.Token).ConfigureAwait(false);
            ObjectDisposedException.ThrowIf(!isMet, this);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException(
                WaitTimeoutMessage.Create(awaited, limit, _store.Accepted, _store.Rejected, _mask));
        }
    }
}
