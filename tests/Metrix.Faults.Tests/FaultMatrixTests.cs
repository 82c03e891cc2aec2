using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Metrix.Faults.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>
/// Each fault of a network and of a server, through both front ends: what was emitted is compared with what the server took,
/// event by event.
/// </summary>
public class FaultMatrixTests
{
    private const int Count = 200;

    private static readonly IEnumerable<int> All = Enumerable.Range(0, Count);

    [Theory, CombinatorialFronts]
    public async Task Refused_and_then_up(FrontEnd front)
    {
        int port;
        await using (var gone = new FaultServer(_ => Fault.None))
            port = gone.Port;
        await using var app = new Front(front, new Uri($"http://localhost:{port}"));
        app.Emit(All);
        await app.WhenSaidAsync("no connection");
        await using var server = new FaultServer(_ => Fault.None, port);

        await AssertAllOnceAsync(app, server);
    }

    [Theory, CombinatorialFronts]
    public Task Reset_before_a_request_is_read(FrontEnd front) =>
        RunAsync(front, request => request.Connection is > 0 and <= 6 ? Fault.ResetConnection : Fault.None);

    [Theory, CombinatorialFronts]
    public async Task Reset_after_it_is_read_sends_only_those_again(FrontEnd front)
    {
        var unknown = new HashSet<int>();
        await using var server = new FaultServer(request =>
        {
            if (request.Index is 0 or > 20)
                return Fault.None;
            lock (unknown)
                return unknown.Add(request.Number) ? Fault.ResetAfterTaking : Fault.None;
        });
        await using var app = new Front(front, server.Endpoint);
        app.Emit(All);
        await app.CloseAsync();

        Assert.Equal(All, server.Taken.Keys.Order());
        Assert.All(server.Taken, taken => Assert.Equal(unknown.Contains(taken.Key) ? 2 : 1, taken.Value));
        Assert.Equal(Count, app.Books.Delivered);
    }

    [Theory, CombinatorialFronts]
    public Task Accepts_and_never_answers_at_first(FrontEnd front) => RunAsync(
        front, request => request.Index is > 0 and <= 70 ? Fault.Silence : Fault.None,
        options => options.RequestTimeout = TimeSpan.FromSeconds(25));

    [Theory, CombinatorialFronts]
    public Task Answers_one_byte_a_second_at_first(FrontEnd front) => RunAsync(
        front, request => request.Index is > 0 and <= 70 ? Fault.OneByteASecond : Fault.None,
        options => options.RequestTimeout = TimeSpan.FromSeconds(25));

    [Theory, CombinatorialFronts]
    public Task Closes_the_connection_after_each_answer(FrontEnd front) => RunAsync(front, _ => Fault.TakeAndClose);

    [Theory, CombinatorialFronts]
    public async Task Every_seventh_is_rejected(FrontEnd front)
    {
        await using var server = new FaultServer(request => request.Number % 7 == 0 && request.Index > 0 ? Fault.Status(400) : Fault.None);
        await using var app = new Front(front, server.Endpoint);
        app.Emit(All);
        await app.CloseAsync();

        Assert.Equal(All.Where(i => i % 7 != 0), server.Taken.Keys.Order());
        Assert.All(server.Taken.Values, times => Assert.Equal(1, times));
        Assert.Equal((171, 29), (app.Books.Delivered, app.Books.Completed("rejected", "400")));
    }

    [Theory, CombinatorialFronts]
    public Task Bursts_of_server_errors(FrontEnd front) => RunAsync(front, request => (request.Index / 25) switch
    {
        1 => Fault.Status(500),
        3 => Fault.Status(502),
        5 => Fault.Status(503),
        _ => Fault.None,
    });

    [Theory]
    [InlineData(FrontEnd.Serilog, "Retry-After: 120\r\n", 120)]
    [InlineData(FrontEnd.OpenTelemetry, "Retry-After: 120\r\n", 120)]
    [InlineData(FrontEnd.Serilog, "Retry-After: DATE\r\n", 118)]
    [InlineData(FrontEnd.OpenTelemetry, "Retry-After: DATE\r\n", 118)]
    [InlineData(FrontEnd.Serilog, "Retry-After: 999999999\r\n", 600)]
    [InlineData(FrontEnd.OpenTelemetry, "Retry-After: 999999999\r\n", 600)]
    [InlineData(FrontEnd.Serilog, "Retry-After: soon\r\n", 0)]
    [InlineData(FrontEnd.OpenTelemetry, "Retry-After: -7\r\n", 0)]
    public async Task Too_many_requests_are_heeded(FrontEnd front, string header, int least)
    {
        var time = new AcceleratedTime(500);
        long askedAt = 0;
        TimeSpan? waited = null;
        await using var server = new FaultServer(request =>
        {
            if (request.Index != 1)
            {
                waited ??= request.Index == 2 ? time.GetElapsedTime(Volatile.Read(ref askedAt)) : null;
                return Fault.None;
            }

            // A date is of whole seconds, and is cut to them.
            Volatile.Write(ref askedAt, time.GetTimestamp());
            var date = time.GetUtcNow().AddSeconds(120).ToString("R", CultureInfo.InvariantCulture);
            return Fault.Status(429, header.Replace("DATE", date));
        });
        await using var app = new Front(front, server.Endpoint, options => (options.TimeProvider, options.MaxInFlight) = (time, 1));
        app.Emit(All);

        // What is absurd is cut to ten minutes: else this would never come.
        await app.WhenDeliveredAsync(Count);
        await AssertAllOnceAsync(app, server);
        Assert.InRange(waited!.Value.TotalSeconds, least, double.MaxValue);
    }

    [Theory]
    [InlineData(FrontEnd.Serilog, 401, "is DevKey the key of this app?")]
    [InlineData(FrontEnd.OpenTelemetry, 401, "is DevKey the key of this app?")]
    [InlineData(FrontEnd.Serilog, 403, "allow list")]
    [InlineData(FrontEnd.OpenTelemetry, 403, "allow list")]
    [InlineData(FrontEnd.Serilog, 404, "are AppId and Endpoint right?")]
    [InlineData(FrontEnd.OpenTelemetry, 404, "are AppId and Endpoint right?")]
    public async Task Wrong_settings_and_then_right(FrontEnd front, int status, string said)
    {
        var isRight = false;
        await using var server = new FaultServer(_ => Volatile.Read(ref isRight) ? Fault.None : Fault.Status(status));
        await using var app = new Front(front, server.Endpoint, options => options.MaxInFlight = 4);
        app.Emit(All);
        await app.WhenSaidAsync(said);

        // Those under way when the first answer came, and single probes since: not the backlog.
        Assert.InRange(server.Requests, 1, 20);
        Volatile.Write(ref isRight, true);
        await AssertAllOnceAsync(app, server);
        Assert.Equal(0, app.Books.Rejected);
    }

    [Theory, CombinatorialFronts]
    public async Task A_redirect_carries_the_key_nowhere(FrontEnd front)
    {
        await using var elsewhere = new FaultServer(_ => Fault.None);
        var redirects = true;
        await using var server = new FaultServer(_ => Volatile.Read(ref redirects)
            ? Fault.Status(302, $"Location: http://127.0.0.1:{elsewhere.Port}/\r\n")
            : Fault.None);
        await using var app = new Front(front, server.Endpoint);
        app.Emit(All);
        await app.WhenSaidAsync("redirects");
        Volatile.Write(ref redirects, false);

        await AssertAllOnceAsync(app, server);
        Assert.Equal(0, elsewhere.Requests);
    }

    [Theory, CombinatorialFronts]
    public async Task An_answer_of_a_hundred_megabytes_is_not_read(FrontEnd front)
    {
        long sent = 0;
        await using var server = new FaultServer(request => request.Index is > 0 and <= 4
            ? Fault.Flood(bytes => Interlocked.Add(ref sent, bytes))
            : Fault.None);
        await using var app = new Front(front, server.Endpoint);
        app.Emit(All);

        await AssertAllOnceAsync(app, server);

        // What the buffers of both systems hold goes out, whoever reads it.
        Assert.InRange(Volatile.Read(ref sent), 0, 4 * (24L << 20));
    }

    [Theory, CombinatorialFronts]
    public Task What_is_no_HTTP(FrontEnd front) =>
        RunAsync(front, request => request.Index is > 0 and <= 10 ? Fault.NoHttp : Fault.None);

    [Theory, CombinatorialFronts]
    public async Task A_certificate_that_is_not_trusted_and_then_one_that_is(FrontEnd front)
    {
        using var wrong = SelfSigned();
        using var right = SelfSigned();
        await using var server = new FaultServer(_ => Fault.None) { Certificate = wrong };
        await using var app = new Front(front, server.Endpoint, options => options.HttpMessageHandlerFactory = () => new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate?.GetCertHashString() == right.GetCertHashString(),
            },
        });
        app.Emit(All);
        await app.WhenSaidAsync("is its certificate trusted on this machine?");
        Assert.Equal(0, server.Requests);
        server.Certificate = right;

        await AssertAllOnceAsync(app, server);
    }

    [Theory, CombinatorialFronts]
    public async Task A_name_that_is_not_resolved_and_then_is(FrontEnd front)
    {
        var isKnown = false;
        await using var server = new FaultServer(_ => Fault.None);
        await using var app = new Front(
            front, new Uri("http://metrix.invalid"),
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
        app.Emit(All);
        await app.WhenSaidAsync("cannot be resolved");
        Volatile.Write(ref isKnown, true);

        await AssertAllOnceAsync(app, server);
    }

    [Theory, CombinatorialFronts]
    public async Task Restarted_five_times_while_events_come(FrontEnd front)
    {
        const int Many = 10_000;
        await using var server = new FaultServer(_ => Fault.None);
        await using var app = new Front(front, server.Endpoint);
        for (var part = 0; part < 5; part++)
        {
            app.Emit(Enumerable.Range(part * Many / 5, Many / 5));
            while (server.Taken.Count < (part * Many / 5) + 100)
                await Task.Delay(1, TestContext.Current.CancellationToken);
            server.Restart();
        }

        await app.CloseAsync();
        Assert.Equal(Enumerable.Range(0, Many), server.Taken.Keys.Order());
        Assert.Equal(Many, app.Books.Delivered);

        // At each restart some were taken and not told of: no more than were under way.
        Assert.InRange(server.Taken.Values.Sum(times => times - 1), 0, 5 * 64);
    }

    [Theory, CombinatorialFronts]
    public async Task The_clock_is_set_back_an_hour(FrontEnd front)
    {
        var clock = new SetBack();
        await using var server = new FaultServer(request => request.Index is > 0 and <= 40 ? Fault.Status(503) : Fault.None);
        await using var app = new Front(front, server.Endpoint, options => options.TimeProvider = clock);
        app.Emit(All.Take(Count / 2));
        while (server.Requests < 10)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        clock.Shift = TimeSpan.FromHours(-1);
        app.Emit(All.Skip(Count / 2));
        await app.WhenDeliveredAsync(Count);

        await AssertAllOnceAsync(app, server);
    }

    [Theory]
    [InlineData(FrontEnd.Serilog, "RST_STREAM")]
    [InlineData(FrontEnd.OpenTelemetry, "RST_STREAM")]
    [InlineData(FrontEnd.Serilog, "GOAWAY")]
    [InlineData(FrontEnd.OpenTelemetry, "GOAWAY")]
    public async Task Http_2_breaks_off_in_the_midst(FrontEnd front, string frame)
    {
        using var certificate = SelfSigned();
        await using var server = new Http2Server(certificate, index => index switch
        {
            >= 20 and < 30 when frame == "RST_STREAM" => Http2Fault.Reset,
            50 or 100 when frame == "GOAWAY" => Http2Fault.GoAway,
            _ => Http2Fault.None,
        });
        await using var app = new Front(front, server.Endpoint, options => options.HttpMessageHandlerFactory = () => new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        });
        app.Emit(All);
        await app.CloseAsync();

        Assert.Equal(All, server.Taken.Keys.Order());
        Assert.All(server.Taken.Values, times => Assert.Equal(1, times));
        Assert.Equal(Count, app.Books.Delivered);
        Assert.True(frame == "GOAWAY" ? server.Connections > 1 : app.Books.Retries() == 10, $"{server.Connections} {app.Books.Retries()}");
    }

    private static async Task RunAsync(
        FrontEnd front, Func<FaultRequest, Fault> behave, Action<Metrix.Client.MetrixOptions>? configure = null, int factor = 50)
    {
        await using var server = new FaultServer(behave);
        await using var app = new Front(front, server.Endpoint, configure, factor);
        app.Emit(All);
        await AssertAllOnceAsync(app, server);
    }

    private static async Task AssertAllOnceAsync(Front app, FaultServer server)
    {
        await app.CloseAsync();
        Assert.Equal(All, server.Taken.Keys.Order());
        Assert.All(server.Taken, taken => Assert.Equal((taken.Key, 1), (taken.Key, taken.Value)));
        Assert.Equal(Count, app.Books.Delivered);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    /// <summary>A clock whose wall time is set while its monotonic time goes on, fifty times as fast.</summary>
    private sealed class SetBack : TimeProvider
    {
        private readonly AcceleratedTime _inner = new(50);

        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow() + Shift;

        public override long GetTimestamp() => _inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            _inner.CreateTimer(callback, state, dueTime, period);
    }
}
