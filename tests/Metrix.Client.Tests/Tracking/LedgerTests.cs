using Metrix.Client.Tracking;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Tracking;

public class LedgerTests
{
    private static readonly EventState[] States = Enum.GetValues<EventState>();

    private readonly Ledger _ledger = new(TestUser.AppId());

    [Fact]
    public void An_event_is_pending_until_it_ends()
    {
        _ledger.Recognize();
        _ledger.Recognize();
        Assert.Equal(new LedgerSnapshot { Recognized = 2, Pending = 2 }, _ledger.Read());

        _ledger.End(EventState.Delivered);
        Assert.Equal(new LedgerSnapshot { Recognized = 2, Pending = 1, Delivered = 1 }, _ledger.Read());
    }

    [Fact]
    public void A_retry_does_not_change_the_state_of_an_event()
    {
        _ledger.Recognize();
        _ledger.Retry("503");

        Assert.Equal(new LedgerSnapshot { Recognized = 1, Pending = 1, Retries = 1 }, _ledger.Read());
    }

    [Fact]
    public void Each_state_is_counted_separately()
    {
        for (var i = 0; i < States.Length; i++)
        {
            for (var n = 0; n <= i; n++)
            {
                _ledger.Recognize();
                _ledger.End(States[i]);
            }
        }

        Assert.Equal(
            new LedgerSnapshot
            {
                Recognized = 28,
                Invalid = 1,
                Dropped = 2,
                Delivered = 3,
                Rejected = 4,
                Expired = 5,
                Abandoned = 6,
                Kept = 7,
            },
            _ledger.Read());
    }

    [Fact]
    public void The_instruments_report_the_same_numbers_as_the_ledger()
    {
        using var meter = new MeterRecorder(_ledger.App);
        Instruments.Open(_ledger);
        foreach (var state in States)
        {
            _ledger.Recognize();
            _ledger.End(state, "reason");
        }

        _ledger.Recognize();
        _ledger.Retry("503");
        _ledger.Recover(5);
        Assert.Equal(5, meter.Recovered);
        _ledger.End(EventState.Kept, count: 5);
        Assert.Equal((8, 1, 1), (meter.Recognized, meter.Pending, meter.Retries()));
        Assert.Equal(
            (1, 1, 1, 1, 1, 1, 6),
            (meter.Invalid, meter.Dropped, meter.Delivered, meter.Rejected, meter.Expired, meter.Abandoned,
                meter.Kept));
        Assert.Equal(1, meter.Retries("503"));
        Assert.Equal(1, meter.Completed("rejected", "reason"));
        meter.AssertBalanced();

        Instruments.Close(_ledger);
        Assert.Equal(0, meter.Pending);
    }

    [Fact]
    public void Ledgers_of_the_same_app_are_measured_together()
    {
        using var meter = new MeterRecorder(_ledger.App);
        var twin = new Ledger(_ledger.App);
        Instruments.Open(_ledger);
        Instruments.Open(twin);
        _ledger.Recognize();
        twin.Recognize();
        Assert.Equal(2, meter.Pending);

        Instruments.Close(_ledger);
        Assert.Equal(1, meter.Pending);
        Instruments.Close(twin);
    }

    [Fact]
    public async Task The_ledger_is_balanced_at_any_time_under_concurrency()
    {
        const int Writers = 8;
        using var start = new Barrier(Writers + 1);
        var isDone = false;
        var writers = Enumerable.Range(0, Writers).Select(seed => Task.Factory.StartNew(
                () => Write(seed), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();

        start.SignalAndWait();
        try
        {
            // Count only reads that differ: a reader that is faster than the writers would see the same state again.
            long distinctReads = 0, last = -1;
            while (distinctReads < 1_000)
            {
                var read = _ledger.Read();
                Assert.True(read.IsBalanced, read.ToString());
                Assert.InRange(read.Pending, 0, Writers);
                distinctReads += read.Recognized == last ? 0 : 1;
                last = read.Recognized;
            }
        }
        finally
        {
            Volatile.Write(ref isDone, true);
            await Task.WhenAll(writers);
        }

        Assert.Equal(0, _ledger.Read().Pending);

        void Write(int seed)
        {
            start.SignalAndWait();
            for (var i = seed; !Volatile.Read(ref isDone); i++)
            {
                _ledger.Recognize();
                _ledger.End(States[i % States.Length]);
            }
        }
    }

    [Fact]
    public void Adding_snapshots_adds_each_number()
    {
        var all = new LedgerSnapshot
        {
            Recognized = 21,
            Pending = 0,
            Invalid = 1,
            Dropped = 2,
            Delivered = 3,
            Rejected = 4,
            Expired = 5,
            Abandoned = 6,
            Retries = 7,
        };

        Assert.Equal(all, all + default(LedgerSnapshot));
        Assert.Equal((42, 2, 4, 6, 8, 10, 12, 14), Numbers(all + all));
        Assert.True((all + all).IsBalanced);
        Assert.False((all with { Delivered = 4 }).IsBalanced);
    }

    private static (long, long, long, long, long, long, long, long) Numbers(LedgerSnapshot s) =>
        (s.Recognized, s.Invalid, s.Dropped, s.Delivered, s.Rejected, s.Expired, s.Abandoned, s.Retries);
}
