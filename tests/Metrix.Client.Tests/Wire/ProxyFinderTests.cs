using System.Net;
using Metrix.Client.Wire;

namespace Metrix.Client.Tests.Wire;

public class ProxyFinderTests
{
    private static readonly Uri Endpoint = new("https://metrix.test/inappevent/app");

    [Theory]
    [InlineData("http://localhost:5000")]
    [InlineData("http://LOCALHOST")]
    [InlineData("http://localhost.")]
    [InlineData("http://metrix.localhost")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.8.9.10")]
    [InlineData("http://[::1]:8080")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    public void An_address_of_this_machine_is_loopback(string address) =>
        Assert.True(ProxyFinder.IsLoopback(new Uri(address)));

    [Theory]
    [InlineData("https://analytics.metrix.ir")]
    [InlineData("http://10.0.0.1")]
    [InlineData("http://128.0.0.1")]
    [InlineData("http://mylocalhost")]
    [InlineData("http://[::2]")]
    public void Any_other_address_is_not_loopback(string address) =>
        Assert.False(ProxyFinder.IsLoopback(new Uri(address)));

    [Theory]
    [InlineData("http://user:password@proxy.test:3128", "http://proxy.test:3128")]
    [InlineData("http://proxy.test", "http://proxy.test:80")]
    [InlineData("socks5://10.0.0.1:1080", "socks5://10.0.0.1:1080")]
    [InlineData("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128")]
    public void A_proxy_is_described_without_its_credentials(string proxy, string expected)
    {
        using var handler = new SocketsHttpHandler { Proxy = new WebProxy(new Uri(proxy)) };

        Assert.Equal(expected, ProxyFinder.Find(handler, Endpoint));
    }

    [Fact]
    public void The_proxy_of_an_inner_handler_is_found()
    {
        using var handler = new EmptyHandler
        {
            InnerHandler = new HttpClientHandler { Proxy = new WebProxy("http://proxy.test:3128") },
        };

        Assert.Equal("http://proxy.test:3128", ProxyFinder.Find(handler, Endpoint));
    }

    [Fact]
    public void A_handler_without_a_proxy_for_the_address_has_none()
    {
        using var unused = new SocketsHttpHandler { UseProxy = false, Proxy = new WebProxy("http://proxy.test:3128") };
        using var bypassed = new SocketsHttpHandler
        {
            Proxy = new WebProxy("http://proxy.test:3128", false, ["metrix\\.test"]),
        };
        using var failing = new SocketsHttpHandler { Proxy = new FailingProxy() };
        using var unknown = new StubHandler(_ => new HttpResponseMessage());

        Assert.All<HttpMessageHandler>(
            [unused, bypassed, failing, unknown], handler => Assert.Null(ProxyFinder.Find(handler, Endpoint)));
    }

    private sealed class EmptyHandler : DelegatingHandler;

    private sealed class FailingProxy : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => throw new InvalidOperationException("No proxy.");

        public bool IsBypassed(Uri host) => false;
    }
}
