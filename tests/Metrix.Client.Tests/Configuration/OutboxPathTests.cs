using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Configuration;

public class OutboxPathTests
{
    [Fact]
    public void OutboxPath_without_the_package_throws_and_names_the_package()
    {
        var options = TestData.Options(o => o.OutboxPath = "/var/lib/shop/metrix.db");
        var error = Assert.Throws<ArgumentException>(() => new MetrixClient(options));
        Assert.Contains("OutboxPath: the package Metrix.Client.Sqlite", error.Message);
        Assert.Contains("Example: dotnet add package Metrix.Client.Sqlite", error.Message);
    }

    [Fact]
    public void OutboxPath_changes_the_default_size_limit_and_retry_time_limit()
    {
        var options = TestData.Options();
        Assert.Equal((64L << 20, TimeSpan.FromHours(1)), (options.OutboxSizeLimit, options.RetryTimeLimit));
        options.OutboxPath = "metrix.db";
        Assert.Equal((512L << 20, TimeSpan.FromHours(72)), (options.OutboxSizeLimit, options.RetryTimeLimit));
        (options.OutboxSizeLimit, options.RetryTimeLimit) = (1 << 20, TimeSpan.FromHours(2));
        Assert.Equal((1L << 20, TimeSpan.FromHours(2)), (options.OutboxSizeLimit, options.RetryTimeLimit));
    }
}
