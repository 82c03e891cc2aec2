using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Outbox;

public class OutboxEntryTests
{
    [Fact]
    public void It_ends_for_the_first_who_ends_it_and_for_no_other()
    {
        var entry = TestData.Entry(TestData.App());
        var ended = 0;
        Parallel.For(0, 100, _ =>
        {
            if (entry.TryEnd())
                Interlocked.Increment(ref ended);
        });

        Assert.Equal(1, ended);
    }
}
