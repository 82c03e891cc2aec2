using Metrix.Client.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

public class OutcomeTests
{
    [Fact]
    public async Task What_is_not_taken_at_first_is_delivered_with_the_same_bytes()
    {
        var attempts = 0;
        await using var sender = await Sender.StartAsync(
            o => o.Accelerate(),
            _ => Interlocked.Increment(ref attempts) <= 2 ? new EmulatorResponse(503) : null);
        sender.Client.Send(TestData.Event("taqsq", ("Amount", 1)));
        await sender.Emulator.WaitForAsync(1);

        var delivered = Assert.Single(sender.Emulator.Events).Request.Body.ToArray();
        Assert.Equal(2, sender.Emulator.Rejected.Count);
        Assert.All(sender.Emulator.Rejected, refused => Assert.Equal(delivered, refused.Request.Body.ToArray()));
        Assert.True(await sender.Client.FlushAsync());
        Assert.Equal((1, 2), (sender.Books.Delivered, sender.Books.Retries()));
    }

    [Fact]
    public async Task What_is_refused_for_good_is_not_sent_again()
    {
        await using var sender = await Sender.StartAsync(answer: _ => new EmulatorResponse(400));
        sender.Client.Send(TestData.Event());

        Assert.True(await sender.Client.FlushAsync());
        Assert.Single(sender.Emulator.Rejected);
        Assert.Equal((1, 0), (sender.Books.Rejected, sender.Books.Retries()));
        Assert.Contains(sender.Said, message => message.Contains("400 Bad Request"));
    }

    [Fact]
    public async Task What_is_not_taken_within_the_limit_expires()
    {
        await using var sender = await Sender.StartAsync(
            o =>
            {
                o.Accelerate();
                o.RetryTimeLimit = TimeSpan.FromSeconds(5);
            },
            _ => new EmulatorResponse(503));
        sender.Client.Send(TestData.Event());

        Assert.True(await sender.Client.FlushAsync());
        Assert.Equal((1, 0), (sender.Books.Expired, sender.Books.Delivered));
        Assert.Contains(sender.Said, message => message.Contains("RetryTimeLimit"));
    }
}
