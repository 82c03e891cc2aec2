using Metrix.Faults.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>
/// Tests the limits of the queue and of closing while the server never answers, through every front end. An audited
/// call waits for its own event, so the audit sink has no queue that could fill.
/// </summary>
public class LimitTests
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(FrontEnd.Serilog)]
    [InlineData(FrontEnd.Activities)]
    [InlineData(FrontEnd.LogRecords)]
    public async Task New_events_are_dropped_and_counted_when_the_queue_is_full(FrontEnd front)
    {
        await using var server = new FaultServer(_ => Fault.Silence);
        await using var app = Front.Create(front, server.Endpoint, maxInFlight: 4, options =>
        {
            options.QueueLimit = 10;
            options.FlushTimeout = FlushTimeout;
        });
        app.Emit(Enumerable.Range(0, 25));

        Assert.Equal(15, app.Meter.Completed("dropped", "full"));
        await app.CloseAsync();
        Assert.Equal((25, 15, 10), (app.Meter.Recognized, app.Meter.Dropped, app.Meter.Abandoned));
        Assert.Contains(app.Messages, message => message.Contains("QueueLimit (10 events)"));
    }

    [Theory]
    [InlineData(FrontEnd.Serilog)]
    [InlineData(FrontEnd.Activities)]
    [InlineData(FrontEnd.LogRecords)]
    public async Task Closing_ends_at_the_flush_timeout_and_reports_the_number_of_lost_events(FrontEnd front)
    {
        await using var server = new FaultServer(_ => Fault.Silence);
        await using var app = Front.Create(
            front, server.Endpoint, maxInFlight: 4, options => options.FlushTimeout = FlushTimeout);
        app.Emit(Enumerable.Range(0, 706));
        await app.CloseAsync();

        Assert.Equal(706, app.Meter.Abandoned);
        Assert.Contains(app.Messages, message => message.Contains("706 events that still waited are lost"));
    }
}
