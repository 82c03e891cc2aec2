using System.Globalization;
using Metrix.Faults.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>Tests the answer 429 with and without a valid Retry-After, through every front end.</summary>
public class TooManyRequestsTests
{
    [Theory]
    [FaultMatrix("120", 120)]

    // A date is in whole seconds, rounded down.
    [FaultMatrix("DATE", 118)]

    // Limited to 10 minutes. Otherwise this test would not end.
    [FaultMatrix("999999999", 600)]
    public Task Delivery_pauses_as_long_as_Retry_After_asks(
        FrontEnd front, int maxInFlight, string retryAfter, int minSeconds) =>
        AssertPauseAsync(front, maxInFlight, answers: 1, retryAfter, TimeSpan.FromSeconds(minSeconds));

    // The fifth failure in a row pauses delivery. The first probe follows after 0.5 to 1 second.
    [Theory]
    [FaultMatrix("soon")]
    [FaultMatrix("-7")]
    public Task Delivery_pauses_for_the_backoff_when_Retry_After_is_invalid(
        FrontEnd front, int maxInFlight, string retryAfter) =>
        AssertPauseAsync(front, maxInFlight, answers: 5, retryAfter, TimeSpan.FromSeconds(0.5));

    /// <summary>Asserts the shortest time between the last answer 429 and the next request.</summary>
    private static async Task AssertPauseAsync(
        FrontEnd front, int maxInFlight, int answers, string retryAfter, TimeSpan minPause)
    {
        var time = new AcceleratedTime(500);
        long answeredAt = 0;
        TimeSpan? pause = null;
        await using var server = new FaultServer(request =>
        {
            if (request.Index == 0 || request.Index > answers)
            {
                if (request.Index == answers + 1)
                    pause = time.GetElapsedTime(Volatile.Read(ref answeredAt));
                return Fault.None;
            }

            Volatile.Write(ref answeredAt, time.GetTimestamp());
            var date = time.GetUtcNow().AddSeconds(120).ToString("R", CultureInfo.InvariantCulture);
            return Fault.Status(429, $"Retry-After: {retryAfter.Replace("DATE", date)}\r\n");
        });
        await using var app = Front.Create(
            front, server.Endpoint, maxInFlight, options => options.TimeProvider = time);

        // One event alone gets the answers. A success of another one would resume delivery.
        app.Emit(0);
        await app.WaitForMessageAsync("paused");
        app.Emit(FaultRun.All.Skip(1));

        // Closing does not wait for Retry-After, so the events must arrive before.
        await app.WaitForDeliveredAsync(FaultRun.Count);
        await FaultRun.AssertAllDeliveredOnceAsync(app, server);
        Assert.InRange(pause!.Value, minPause, TimeSpan.MaxValue);
    }
}
