using Metrix.Tests.Support;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>Tests events that the sink does not send: dropped and invalid events.</summary>
public class UnsentEventTests
{
    [Theory]
    [InlineData("metrix.user_id", "user_id_missing")]
    [InlineData("metrix.session_id", "session_id_missing")]
    [InlineData("metrix.advertising_id", "advertising_id_missing")]
    public async Task An_event_without_a_required_id_is_invalid_and_reported_without_values(
        string missing, string reason)
    {
        await using var shop = await Shop.StartAsync();
        shop.UserLogger.ForContext(missing, null).Information("<@Purchase> {Secret}", "secret-value");
        await shop.CloseAsync();

        Assert.Equal(1, shop.Meter.Completed("invalid", reason));
        Assert.Empty(shop.Emulator.Rejected);
        var message = Assert.Single(shop.Messages);
        Assert.Contains(missing, message);
        Assert.Contains("taqsq", message);
        Assert.DoesNotContain("secret-value", message);
        Assert.DoesNotContain(TestUser.UserId, message);
    }

    [Fact]
    public async Task An_event_with_two_advertising_ids_is_invalid()
    {
        await using var shop = await Shop.StartAsync();
        shop.UserLogger.ForContext("MetrixIdfa", TestUser.Idfa).Information("<@Purchase>");
        await shop.CloseAsync();

        Assert.Equal(1, shop.Meter.Completed("invalid", "advertising_id_ambiguous"));
    }
}
