using Metrix.Faults.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>Tests answers that reject an event, or that are wrong or too large, through every front end.</summary>
public class AnswerFaultTests
{
    [Theory, FaultMatrix]
    public async Task Rejected_events_are_counted_and_the_others_arrive_once(FrontEnd front, int maxInFlight)
    {
        await using var server = new FaultServer(
            request => request.Index > 0 && IsRejected(request.Number) ? Fault.Status(400) : Fault.None);
        await using var app = Front.Create(front, server.Endpoint, maxInFlight);
        app.Emit(FaultRun.All);
        await app.CloseAsync();

        Assert.Equal(FaultRun.All.Where(number => !IsRejected(number)), server.Accepted.Keys.Order());
        Assert.All(server.Accepted.Values, times => Assert.Equal(1, times));
        Assert.Equal((171, 29), (app.Meter.Delivered, app.Meter.Completed("rejected", "400")));

        // An audited log call throws if and only if its event was not delivered.
        Assert.Equal(
            front == FrontEnd.SerilogAudit ? FaultRun.All.Where(IsRejected) : [],
            app.Failed.Order());

        static bool IsRejected(int number) => number % 7 == 0;
    }

    [Theory, FaultMatrix]
    public Task Events_arrive_once_despite_bursts_of_server_errors(FrontEnd front, int maxInFlight)
    {
        // Longer bursts than the requests in flight are probed one by one, which takes long.
        var burst = Math.Min(25, maxInFlight + 6);
        return FaultRun.RunAsync(front, maxInFlight, request => (request.Index / burst) switch
        {
            1 => Fault.Status(500),
            3 => Fault.Status(502),
            5 => Fault.Status(503),
            _ => Fault.None,
        });
    }

    [Theory]
    [FaultMatrix(401, "is DevKey the key of this app?")]
    [FaultMatrix(403, "allow list")]
    [FaultMatrix(404, "are AppId and Endpoint right?")]
    public async Task Events_arrive_once_after_a_wrong_setting_is_corrected(
        FrontEnd front, int maxInFlight, int status, string message)
    {
        var isRight = false;
        await using var server = new FaultServer(
            _ => Volatile.Read(ref isRight) ? Fault.None : Fault.Status(status));
        await using var app = Front.Create(front, server.Endpoint, maxInFlight);
        app.Emit(FaultRun.All);
        await app.WaitForMessageAsync(message);

        // The requests in flight at the first answer and single probes since, but not the backlog. Each audited call
        // asks for a probe.
        Assert.InRange(server.Requests, 1, maxInFlight + 16 + app.ConcurrentCalls);
        Volatile.Write(ref isRight, true);
        await FaultRun.AssertAllDeliveredOnceAsync(app, server);
        Assert.Equal(0, app.Meter.Rejected);
    }

    [Theory, FaultMatrix]
    public async Task A_redirect_is_not_followed(FrontEnd front, int maxInFlight)
    {
        await using var elsewhere = new FaultServer(_ => Fault.None);
        var redirects = true;
        await using var server = new FaultServer(_ => Volatile.Read(ref redirects)
            ? Fault.Status(302, $"Location: http://127.0.0.1:{elsewhere.Port}/\r\n")
            : Fault.None);
        await using var app = Front.Create(front, server.Endpoint, maxInFlight);
        app.Emit(FaultRun.All);
        await app.WaitForMessageAsync("redirects");
        Volatile.Write(ref redirects, false);

        await FaultRun.AssertAllDeliveredOnceAsync(app, server);
        Assert.Equal(0, elsewhere.Requests);
    }

    [Theory, FaultMatrix]
    public async Task An_answer_of_100_megabytes_is_not_read(FrontEnd front, int maxInFlight)
    {
        long sent = 0;
        await using var server = new FaultServer(request => request.Index is > 0 and <= 4
            ? Fault.Flood(bytes => Interlocked.Add(ref sent, bytes))
            : Fault.None);
        await using var app = Front.Create(front, server.Endpoint, maxInFlight);
        app.Emit(FaultRun.All);

        await FaultRun.AssertAllDeliveredOnceAsync(app, server);

        // What fits into the socket buffers is sent even if nobody reads it.
        Assert.InRange(Volatile.Read(ref sent), 0, 4 * (24L << 20));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    public async Task An_endless_answer_does_not_hold_a_worker_until_the_request_times_out(int status)
    {
        await using var server = new FaultServer(request => request switch
        {
            { Index: 0 } => Fault.None,
            { Number: 0 } => Fault.EndlessBody(status),
            _ => Fault.None,
        });
        await using var app = Front.Create(FrontEnd.Serilog, server.Endpoint, maxInFlight: 1, factor: 1);
        app.Emit(Enumerable.Range(0, 5));

        // The requests time out after ten minutes.
        await app.WaitForDeliveredAsync(status == 200 ? 5 : 4);
        Assert.Equal(status == 200 ? 0 : 1, app.Meter.Rejected);
        Assert.Equal(0, app.Meter.Retries());
    }

    [Fact]
    public async Task An_answer_with_long_headers_is_a_delivery()
    {
        var headers = $"X-Long: {new string('a', 1_000_000)}\r\n";
        await using var server = new FaultServer(_ => Fault.Status(200, headers));
        await using var app = Front.Create(FrontEnd.Serilog, server.Endpoint, maxInFlight: 1);
        app.Emit(1);
        await app.CloseAsync();

        Assert.Equal((1, 0), (app.Meter.Delivered, app.Meter.Retries()));
    }
}
