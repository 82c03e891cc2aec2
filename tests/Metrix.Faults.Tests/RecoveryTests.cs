using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Metrix.Faults.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>Tests that delivery resumes when the cause of an outage ends, through every front end.</summary>
public class RecoveryTests
{
    [Theory, FaultMatrix]
    public async Task Events_arrive_once_when_a_server_starts_that_refused_connections(
        FrontEnd front, int maxInFlight)
    {
        int port;
        await using (var stopped = new FaultServer(_ => Fault.None))
            port = stopped.Port;
        await using var app = Front.Create(front, new Uri($"http://localhost:{port}"), maxInFlight);
        app.Emit(FaultRun.All);
        await app.WaitForMessageAsync("no connection");
        await using var server = new FaultServer(_ => Fault.None, port);

        await FaultRun.AssertAllDeliveredOnceAsync(app, server);
    }

    [Theory, FaultMatrix]
    public async Task Events_arrive_once_when_the_name_of_the_server_resolves_again(FrontEnd front, int maxInFlight)
    {
        var isKnown = false;
        await using var server = new FaultServer(_ => Fault.None);
        await using var app = Front.Create(
            front,
            new Uri("http://metrix.invalid"),
            maxInFlight,
            options => options.HttpMessageHandlerFactory = () => new SocketsHttpHandler
            {
                UseProxy = false,
                ConnectCallback = async (_, cancellation) =>
                {
                    if (!Volatile.Read(ref isKnown))
                        throw new SocketException((int)SocketError.HostNotFound);

                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            });
        app.Emit(FaultRun.All);
        await app.WaitForMessageAsync("cannot be resolved");
        Volatile.Write(ref isKnown, true);

        await FaultRun.AssertAllDeliveredOnceAsync(app, server);
    }

    [Theory, FaultMatrix]
    public async Task Nothing_is_sent_before_the_certificate_is_trusted(FrontEnd front, int maxInFlight)
    {
        using var untrusted = Certificates.CreateSelfSigned();
        using var trusted = Certificates.CreateSelfSigned();
        await using var server = new FaultServer(_ => Fault.None) { Certificate = untrusted };
        await using var app = Front.Create(
            front,
            server.Endpoint,
            maxInFlight,
            options => options.HttpMessageHandlerFactory = () => new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        certificate?.GetCertHashString() == trusted.GetCertHashString(),
                },
            });
        app.Emit(FaultRun.All);
        await app.WaitForMessageAsync("is its certificate trusted on this machine?");
        Assert.Equal(0, server.Requests);
        server.Certificate = trusted;

        await FaultRun.AssertAllDeliveredOnceAsync(app, server);
    }

    [Theory, FaultMatrix]
    public async Task Each_event_arrives_when_the_server_restarts_repeatedly(FrontEnd front, int maxInFlight)
    {
        const int Many = 10_000;
        const int Restarts = 5;
        await using var server = new FaultServer(_ => Fault.None);
        await using var app = Front.Create(front, server.Endpoint, maxInFlight);
        for (var part = 0; part < Restarts; part++)
        {
            app.Emit(Enumerable.Range(part * Many / Restarts, Many / Restarts));
            var count = (part * Many / Restarts) + 100;
            await Eventually.TrueAsync(() => server.Accepted.Count >= count);
            server.Restart();
        }

        await app.CloseAsync();
        Assert.Equal(Enumerable.Range(0, Many), server.Accepted.Keys.Order());
        Assert.Equal(Many, app.Meter.Delivered);
        Assert.Empty(app.Failed);

        // At each restart, the server may have accepted events without an answer: at most those in flight.
        Assert.InRange(server.Accepted.Values.Sum(times => times - 1), 0, Restarts * maxInFlight);
    }

    [Theory, FaultMatrix]
    public async Task Events_arrive_once_when_the_clock_is_set_back_an_hour(FrontEnd front, int maxInFlight)
    {
        var failures = Math.Min(40, maxInFlight + 10);
        var clock = new AdjustableClock();
        await using var server = new FaultServer(
            request => request.Index > 0 && request.Index <= failures ? Fault.Status(503) : Fault.None);
        await using var app = Front.Create(
            front, server.Endpoint, maxInFlight, options => options.TimeProvider = clock);
        app.Emit(FaultRun.All.Take(FaultRun.Count / 2));
        await Eventually.TrueAsync(() => server.Requests >= 10);
        clock.Shift = TimeSpan.FromHours(-1);
        app.Emit(FaultRun.All.Skip(FaultRun.Count / 2));
        await app.WaitForDeliveredAsync(FaultRun.Count);

        await FaultRun.AssertAllDeliveredOnceAsync(app, server);
    }

    /// <summary>
    /// Provides a clock whose time of day can be changed while its timestamps continue, fifty times as fast as the
    /// system clock.
    /// </summary>
    private sealed class AdjustableClock : TimeProvider
    {
        private readonly AcceleratedTime _inner = new(50);

        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow() + Shift;

        public override long GetTimestamp() => _inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            _inner.CreateTimer(callback, state, dueTime, period);
    }
}
