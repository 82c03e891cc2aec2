using System.Net;
using Metrix.Emulator.Api;
using Metrix.Emulator.Faults;
using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Metrix.Emulator.Http;

/// <summary>
/// Kestrel without a host. A host would read the environment and appsettings.json of the application around it, load
/// its hosting start-ups, log to its console, take its Ctrl+C and put the emulator's requests in its traces.
/// </summary>
internal sealed class EmulatorServer : IAsyncDisposable
{
    /// <summary>For answers on their way; connections that then are still open are cut.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

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
        EmulatorSettings settings, EventStore store, FaultPlan faults, CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        // The size of a body is the event endpoint's to judge, and a client that stands in a debugger is no attacker.
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
        var mask = new KeyMask(settings);
        var application = new EmulatorApplication(
            new EventEndpoint(
                new Validator(settings, mask), faults, new AnswerDelegate(settings.Answer, mask), store, stopping.Token),
            new ApiEndpoint(
                store,
                new EventJson(mask),
                new DetailJson(mask, settings),
                new StreamEndpoint(store, faults, new SummaryJson(mask, settings), stopping.Token),
                new FaultEndpoint(faults)),
            new SiteGuard(settings.Address));

        var silence = NullLoggerFactory.Instance;
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), silence);
        var kestrel = new KestrelServer(Options.Create(options), transport, silence);
        try
        {
            await kestrel.StartAsync(application, cancellationToken).ConfigureAwait(false);
            return new EmulatorServer(kestrel, stopping, Reachable(listener!.IPEndPoint!));
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
        using var grace = new CancellationTokenSource(Grace);
        await _kestrel.StopAsync(grace.Token).ConfigureAwait(false);
        _kestrel.Dispose();
        _stopping.Dispose();
    }

    // "Every address" is for listening; a client needs one of them.
    private static Uri Reachable(IPEndPoint bound) => new UriBuilder(
        Uri.UriSchemeHttp,
        bound.Address.Equals(IPAddress.Any) ? IPAddress.Loopback.ToString()
        : bound.Address.Equals(IPAddress.IPv6Any) ? $"[{IPAddress.IPv6Loopback}]"
        : bound.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{bound.Address}]"
        : bound.Address.ToString(),
        bound.Port).Uri;
}
