using Metrix.Client.Wire;

namespace Metrix.Client.Tests.Wire;

public class OutcomeTextTests
{
    private const string Proxy = "http://proxy.test:3128";

    private static readonly Uri Https = new("https://metrix.test/inappevent/secret-app");
    private static readonly Uri Http = new("http://metrix.test/inappevent/secret-app");

    [Theory]
    [InlineData("401", "AppId and DevKey")]
    [InlineData("403", "allow list")]
    [InlineData("404", "AppId and Endpoint")]
    [InlineData("407", "HTTPS_PROXY")]
    [InlineData("302", "redirects")]
    public void A_misconfigured_outcome_names_both_causes(string status, string setting)
    {
        var text = Explain(new(SendOutcomeKind.Misconfigured, status), Https);

        Assert.Contains(status, text);
        Assert.Contains(setting, text);
        Assert.Contains("If other events are delivered, something on the way", text);
    }

    public static TheoryData<string, int?, string> ProxyFailures() => new()
    {
        { "dns", null, "the host name of the proxy" },
        { "connection", null, "no connection to the proxy" },
        { "proxy", 403, "it answered 403 Forbidden" },
        { "proxy", 502, "it answered 502 Bad Gateway" },
        { "proxy", null, "broke off the connection to https://metrix.test" },
        { "407", 407, "requires credentials" },
        { "timeout", null, "no answer arrived in time" },
        { "tls", null, "no secure connection to https://metrix.test" },
        { "broken_off", null, "the connection was closed before the answer" },
        { "protocol", null, "the answer was not valid HTTP" },
    };

    [Theory]
    [MemberData(nameof(ProxyFailures))]
    public void A_failure_on_the_way_to_or_at_a_proxy_names_the_proxy_and_the_setting(
        string reason, int? proxyStatus, string cause)
    {
        var kind = reason is "dns" or "connection" or "proxy" or "tls"
            ? SendOutcomeKind.Unreachable
            : reason == "407" ? SendOutcomeKind.Misconfigured : SendOutcomeKind.Unavailable;

        var text = Explain(new(kind, reason) { Proxy = Proxy, ProxyStatus = proxyStatus }, Https);

        Assert.Contains(cause, text);
        Assert.Contains(Proxy, text);
        Assert.Contains("HTTPS_PROXY, ALL_PROXY, NO_PROXY", text);
    }

    [Theory]
    [InlineData("503")]
    [InlineData("403")]
    [InlineData("407")]
    public void An_answer_over_plain_HTTP_names_the_proxy_on_the_way(string status)
    {
        var kind = status[0] == '5' ? SendOutcomeKind.Unavailable : SendOutcomeKind.Misconfigured;

        var text = Explain(new(kind, status) { Proxy = Proxy }, Http);

        Assert.Contains(status, text);
        Assert.Contains(Proxy, text);
        Assert.Contains("HTTP_PROXY, ALL_PROXY, NO_PROXY", text);
    }

    [Fact]
    public void Every_text_has_no_id_and_no_mark_at_its_end()
    {
        string[] reasons =
        [
            .. Enumerable.Range(100, 500).Select(status => $"{status}"), "timeout", "dns", "tls", "connection", "proxy",
            "broken_off", "protocol", "interrupted", "handler", "tls_port", "html_page",
        ];
        foreach (var kind in Enum.GetValues<SendOutcomeKind>().Where(kind => kind != SendOutcomeKind.Delivered))
        {
            foreach (var outcome in reasons.Select(reason => new SendOutcome(kind, reason)))
            {
                foreach (var text in new[] { Explain(outcome, Https), Explain(outcome with { Proxy = Proxy }, Http) })
                {
                    Assert.DoesNotContain("secret-app", text);
                    Assert.True(char.IsLetterOrDigit(text[^1]) || text[^1] is ')' or '/', text);
                }
            }
        }
    }

    private static string Explain(SendOutcome outcome, Uri address) => OutcomeText.Explain(outcome, address);
}
