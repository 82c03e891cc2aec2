using Metrix.AspNetCore.Propagation;

namespace Metrix.AspNetCore.Tests.Propagation;

public class HostListTests
{
    private readonly HostList _hosts = new(["orders.internal", "*.shop.internal", "بازار.ایران", "[::1]", "192.0.2.7"]);

    [Theory]
    [InlineData("http://orders.internal/x")]
    [InlineData("https://ORDERS.internal:8443")]
    [InlineData("http://a.shop.internal")]
    [InlineData("http://a.b.shop.internal")]
    [InlineData("http://بازار.ایران")]
    [InlineData("http://[::1]:5000")]
    [InlineData("http://192.0.2.7")]
    public void A_host_of_the_list(string address) => Assert.True(_hosts.Contains(new Uri(address)));

    [Theory]
    [InlineData("http://orders.internal.evil.example")]
    [InlineData("http://evilorders.internal")]
    [InlineData("http://evilshop.internal")]
    [InlineData("http://shop.internal")]
    [InlineData("http://orders.internal@evil.example")]
    [InlineData("http://192.0.2.70")]
    public void Another_host(string address) => Assert.False(_hosts.Contains(new Uri(address)));

    [Fact]
    public void Two_lists_are_one()
    {
        var both = _hosts.And(new HostList(["other.internal"]));

        Assert.True(both.Contains(new Uri("http://orders.internal")));
        Assert.True(both.Contains(new Uri("http://other.internal")));
        Assert.True(both.Includes(_hosts));
        Assert.False(_hosts.Includes(both));
    }
}
