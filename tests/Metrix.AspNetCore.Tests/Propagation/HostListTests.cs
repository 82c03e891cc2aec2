using Metrix.AspNetCore.Propagation;

namespace Metrix.AspNetCore.Tests.Propagation;

/// <summary>Tests the matching of hosts.</summary>
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
    public void Contains_returns_true_for_a_listed_host(string address) =>
        Assert.True(_hosts.Contains(new Uri(address)));

    [Theory]
    [InlineData("http://orders.internal.evil.example")]
    [InlineData("http://evilorders.internal")]
    [InlineData("http://evilshop.internal")]
    [InlineData("http://shop.internal")]
    [InlineData("http://orders.internal@evil.example")]
    [InlineData("http://192.0.2.70")]
    public void Contains_returns_false_for_another_host(string address) =>
        Assert.False(_hosts.Contains(new Uri(address)));

    [Fact]
    public void The_union_contains_the_hosts_of_both_lists()
    {
        var union = _hosts.Union(new HostList(["other.internal"]));

        Assert.True(union.Contains(new Uri("http://orders.internal")));
        Assert.True(union.Contains(new Uri("http://other.internal")));
        Assert.True(union.Includes(_hosts));
        Assert.False(_hosts.Includes(union));
    }
}
