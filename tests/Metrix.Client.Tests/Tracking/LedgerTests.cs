using Metrix.Client.Tests.Support;
using Metrix.Client.Tracking;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Tracking;

public class LedgerTests
{
    private static readonly EventState[] States = Enum.GetValues<EventState>();

    private readonly Ledger _ledger = new(TestData.AppId());

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
    public void A_retry_changes_no_state()
    {
        _ledger.Recognize();
        _ledger.Retry("503");

        Assert.Equal(new LedgerSnapshot { Recognized = 1, Pending = 1, Retries = 1 }, _ledger.Read());
    }

    [Fact]
    public void Each_state_has_a_number_of_its_own()
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
    public void The_instruments_say_the_same()
    {
        using var books = new MeterRecorder(_ledger.App);
        Instruments.Open(_ledger);
        foreach (var state in States)
        {
            _ledger.Recognize();
            _ledger.End(state, "reason");
        }

        _ledger.Recognize();
        _ledger.Retry("503");
        _ledger.Recover(5);
        Assert.Equal(5, books.Recovered);
        _ledger.End(EventState.Kept, count: 5);
        Assert.Equal((8, 1, 1), (books.Recognized, books.Pending, books.Retries()));
        Assert.Equal(
            (1, 1, 1, 1, 1, 1, 6),
            (books.Invalid, books.Dropped, books.Delivered, books.Rejected, books.Expired, books.Abandoned, books.Kept));
        Assert.Equal(1, books.Retries("503"));
        Assert.Equal(1, books.Completed("rejected", "reason"));
        books.AssertBalanced();

        Instruments.Close(_ledger);
        Assert.Equal(0, books.Pending);
    }

    [Fact]
    public void Ledgers_of_one_name_are_one_measurement()
    {
        using var books = new MeterRecorder(_ledger.App);
        var twin = new Ledger(_ledger.App);
        Instruments.Open(_ledger);
        Instruments.Open(twin);
        _ledger.Recognize();
        twin.Recognize();
        Assert.Equal(2, books.Pending);

        Instruments.Close(_ledger);
        Assert.Equal(1, books.Pending);
        Instruments.Close(twin);
    }

    [Fact]
    public async Task It_is_balanced_at_every_moment_under_many_threads()
    {
        const int Writers = 8;
        using var begin = new Barrier(Writers + 1);
        var isDone = false;
        var writers = Enumerable.Range(0, Writers).Select(seed => Task.Factory.StartNew(() =>
        {
            begin.SignalAndWait();
            for (var i = seed; !Volatile.Read(ref isDone); i++)
            {
                _ledger.Recognize();
                _ledger.End(States[i % States.Length]);
            }
        }, TaskCreationOptions.LongRunning)).ToArray();

        begin.SignalAndWait();
        try
        {
            // A thousand moments that differ: a reader that is faster than the writers would look at the same one.
            long moments = 0, last = -1;
            while (moments < 1_000)
            {
                var read = _ledger.Read();
                Assert.True(read.IsBalanced, read.ToString());
                Assert.InRange(read.Pending, 0, Writers);
                moments += read.Recognized == last ? 0 : 1;
                last = read.Recognized;
            }
        }
        finally
        {
            Volatile.Write(ref isDone, true);
            await Task.WhenAll(writers);
        }

        Assert.Equal(0, _ledger.Read().Pending);
    }

    [Fact]
    public void Snapshots_add_up()
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
