using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Configuration;

public class DurableWithoutPackageTests
{
    [Fact]
    public void The_setting_without_the_package_stops_the_application_and_says_what_to_do()
    {
        var options = TestData.Options(o => o.OutboxPath = "/var/lib/shop/metrix.db");
        var error = Assert.Throws<ArgumentException>(() => new MetrixClient(options));
        Assert.Contains("OutboxPath: the package Metrix.Client.Sqlite", error.Message);
        Assert.Contains("Example: dotnet add package Metrix.Client.Sqlite", error.Message);
    }

    [Fact]
    public void A_durable_outbox_has_defaults_of_its_own()
    {
        var options = TestData.Options();
        Assert.Equal((64L << 20, TimeSpan.FromHours(1)), (options.OutboxSizeLimit, options.RetryTimeLimit));
        options.OutboxPath = "metrix.db";
        Assert.Equal((512L << 20, TimeSpan.FromHours(72)), (options.OutboxSizeLimit, options.RetryTimeLimit));
        (options.OutboxSizeLimit, options.RetryTimeLimit) = (1 << 20, TimeSpan.FromHours(2));
        Assert.Equal((1L << 20, TimeSpan.FromHours(2)), (options.OutboxSizeLimit, options.RetryTimeLimit));
    }
}
