using System.Net;
using System.Net.Sockets;
using Metrix.Emulator.Endpoints;
using Metrix.Emulator.Faults;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Metrix.Emulator.Hosting;

/// <summary>
/// Runs Kestrel without a host. A host would read the environment and the appsettings.json of the surrounding
/// application, load its hosting startups, log to its console, handle its Ctrl+C and add requests to its traces.
/// </summary>
internal sealed class EmulatorServer : IAsyncDisposable
{
    /// <summary>How long answers in progress may take at shutdown. Connections that are then open are closed.</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromMilliseconds(250);

    private readonly KestrelServer _kestrel;
    private readonly CancellationTokenSource _stopping;
    private int _isDisposed;

    private EmulatorServer(KestrelServer kestrel, CancellationTokenSource stopping, Uri endpoint)
    {
        _kestrel = kestrel;
        _stopping = stopping;
        Endpoint = endpoint;
    }

    public Uri Endpoint { get; }

    public static async Task<EmulatorServer> StartAsync(
        EmulatorSettings settings,
        EventStore store,
        FaultPlan faults,
        KeyMask mask,
        CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        // The event endpoint limits the size of a body. A client that is paused in a debugger is not an attacker.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;

        ListenOptions? listener = null;
        options.Listen(settings.Address, settings.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listener = listen;
        });

        var stopping = new CancellationTokenSource();
        var application = CreateApplication(settings, store, faults, mask, stopping.Token);
        var noLogging = NullLoggerFactory.Instance;
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), noLogging);
        var kestrel = new KestrelServer(Options.Create(options), transport, noLogging);
        try
        {
            await kestrel.StartAsync(application, cancellationToken).ConfigureAwait(false);
            return new EmulatorServer(kestrel, stopping, ReachableAddress(listener!.IPEndPoint!));
        }
        catch
        {
            kestrel.Dispose();
            stopping.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;

        await _stopping.CancelAsync().ConfigureAwait(false);
        using var grace = new CancellationTokenSource(GracePeriod, TimeProvider.System);
        await _kestrel.StopAsync(grace.Token).ConfigureAwait(false);
        _kestrel.Dispose();
        _stopping.Dispose();
    }

    private static EmulatorApplication CreateApplication(
        EmulatorSettings settings, EventStore store, FaultPlan faults, KeyMask mask, CancellationToken stopping) =>
        new(
            new EventEndpoint(
                new Validator(settings.Apps, settings.AllowedAddresses, settings.EventNames, mask),
                faults,
                new AnswerDelegate(settings.Answer, mask),
                store,
                stopping),
            new ApiEndpoint(
                store,
                new EventJson(mask),
                new RequestDetailJson(mask, settings.EventNames),
                new StreamEndpoint(store, faults, new SummaryJson(mask, settings.EventNames), stopping),
                new FaultEndpoint(faults)),
            new CrossSiteGuard(settings.Address));

    // A server can listen on "any address", but a client needs a real one.
    private static Uri ReachableAddress(IPEndPoint bound) => new UriBuilder(
        Uri.UriSchemeHttp,
        bound.Address.Equals(IPAddress.Any) ? IPAddress.Loopback.ToString()
        : bound.Address.Equals(IPAddress.IPv6Any) ? $"[{IPAddress.IPv6Loopback}]"
        : bound.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{bound.Address}]"
        : bound.Address.ToString(),
        bound.Port).Uri;
}
