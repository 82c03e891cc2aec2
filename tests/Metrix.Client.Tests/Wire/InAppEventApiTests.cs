using System.Net;
using System.Text;
using Metrix.Client.Apps;
using Metrix.Client.Wire;
using Metrix.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Wire;

public class InAppEventApiTests
{
    private const string PlainHttpOnTlsPort =
        "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>";

    private const string Page = "<!DOCTYPE html><html><body>Sign in</body></html>";

    private readonly FakeTimeProvider _clock = new();

    public static TheoryData<string, int, string, string> WrongEndpoints() => new()
    {
        { "https", 405, "", "405" },
        { "https", 406, "", "406" },
        { "https", 421, "", "421" },
        { "http", 400, PlainHttpOnTlsPort, "tls_port" },
        { "http", 400, "Client sent an HTTP request to an HTTPS server.\n", "tls_port" },
        { "http", 400, "You're speaking plain HTTP to an SSL-enabled server port.<br />", "tls_port" },
        { "http", 400, "This combination of host and port requires TLS.", "tls_port" },
        { "https", 400, "<title>400 No required SSL certificate was sent</title>", "tls" },
        { "https", 400, "<title>400 The SSL certificate error</title>", "tls" },
    };

    [Theory]
    [MemberData(nameof(WrongEndpoints))]
    public async Task An_answer_of_a_wrong_endpoint_rejects_an_event_only_after_a_delivery(
        string scheme, int status, string text, string reason)
    {
        using var transport = Transport(scheme, number => number == 2 ? Ok("") : Answer(status, "text/html", text));
        var api = new InAppEventApi(transport, _clock);
        var app = App(scheme);

        var first = await SendAsync(api, app);
        Assert.Equal((SendOutcomeKind.Misconfigured, reason, text), (first.Kind, first.Reason, first.Answer));
        Assert.Equal(SendOutcomeKind.Delivered, (await SendAsync(api, app)).Kind);
        var later = await SendAsync(api, app);
        Assert.Equal(
            (SendOutcomeKind.Rejected, $"{status}", text), (later.Kind, later.Reason, later.Answer));
    }

    [Theory]
    [InlineData("http", "{\"error\":\"unknown slug\"}")]
    [InlineData("http", "the attribute \"https://shop.example\" is not allowed")]
    [InlineData("http", "the attribute \"xhttps\" is not allowed")]
    [InlineData("https", "The plain HTTP request was sent to HTTPS port")]
    [InlineData("https", "Bad Request")]
    public async Task Any_other_400_rejects_the_event(string scheme, string text)
    {
        using var transport = Transport(scheme, _ => Answer(400, "text/plain", text));

        var outcome = await SendAsync(new InAppEventApi(transport, _clock), App(scheme));

        Assert.Equal((SendOutcomeKind.Rejected, "400"), (outcome.Kind, outcome.Reason));
    }

    [Fact]
    public async Task A_first_2xx_that_is_a_page_is_not_a_delivery()
    {
        using var transport = Transport("https", number => number == 2 ? Ok("") : Answer(200, "text/html", Page));
        var api = new InAppEventApi(transport, _clock);

        var first = await SendAsync(api, App());
        Assert.Equal((SendOutcomeKind.Misconfigured, "html_page", Page), (first.Kind, first.Reason, first.Answer));
        Assert.Equal(SendOutcomeKind.Delivered, (await SendAsync(api, App())).Kind);
        Assert.Equal(SendOutcomeKind.Delivered, (await SendAsync(api, App())).Kind);
    }

    [Theory]
    [InlineData("text/html", "accepted", true)]
    [InlineData("text/html", "", true)]
    [InlineData("text/plain", Page, true)]
    [InlineData("application/json", Page, true)]
    [InlineData("text/html", Page, false)]
    public async Task Any_other_first_2xx_is_a_delivery(string type, string text, bool detectCaptivePortal)
    {
        using var transport = Transport("https", _ => Answer(200, type, text), detectCaptivePortal);

        Assert.Equal(SendOutcome.Delivered, await SendAsync(new InAppEventApi(transport, _clock), App()));
    }

    [Theory]
    [InlineData("text/plain", true)]
    [InlineData("text/html", false)]
    public async Task The_body_of_a_2xx_that_cannot_be_a_page_is_not_read(string type, bool detectCaptivePortal)
    {
        await using var body = new StalledStream("", observesCancellation: true);
        using var transport = Transport("https", _ => Answer(200, type, new StreamContent(body)), detectCaptivePortal);

        Assert.Equal(SendOutcome.Delivered, await SendAsync(new InAppEventApi(transport, _clock), App()));
        Assert.False(body.Stalled.IsCompleted);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(400, true)]
    [InlineData(403, true)]
    [InlineData(403, false)]
    public async Task An_endless_body_is_read_for_at_most_a_second(int status, bool observesCancellation)
    {
        await using var body = new StalledStream("the start", observesCancellation);
        using var transport = Transport("https", _ => Answer(status, "text/html", new StreamContent(body)));

        var sending = SendAsync(new InAppEventApi(transport, _clock), App());
        await body.Stalled;
        Assert.False(sending.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(status == 200 ? null : "the start", (await sending.WaitAsync(Limit)).Answer);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(302)]
    [InlineData(400)]
    public async Task The_start_of_an_answer_is_kept_when_the_server_refuses_the_event(int status)
    {
        using var transport = Transport("https", _ => Answer(status, "text/plain", new string('a', 5_000)));

        var outcome = await SendAsync(new InAppEventApi(transport, _clock), App());

        Assert.Equal(new string('a', AnswerText.MaxBytes), outcome.Answer);
    }

    [Fact]
    public async Task A_request_that_an_orderly_GOAWAY_interrupts_is_sent_again_at_once()
    {
        var handler = new StubHandler(number => number <= 3 ? throw GoAway() : Ok(""));
        using var transport = new HttpTransport(Options("https", () => handler));

        Assert.Equal(SendOutcome.Delivered, await SendAsync(new InAppEventApi(transport, _clock), App()));
        Assert.Equal(4, handler.Requests);
    }

    [Fact]
    public async Task A_request_that_is_interrupted_again_and_again_is_left_to_the_dispatcher()
    {
        var handler = new StubHandler(_ => throw GoAway());
        using var transport = new HttpTransport(Options("https", () => handler));

        var outcome = await SendAsync(new InAppEventApi(transport, _clock), App());

        Assert.Equal((SendOutcomeKind.Interrupted, "interrupted"), (outcome.Kind, outcome.Reason));
        Assert.Equal(33, handler.Requests);
    }

    [Fact]
    public async Task A_canceled_request_is_not_sent_again()
    {
        using var cancellation = new CancellationTokenSource();
        var handler = new StubHandler(_ =>
        {
            cancellation.Cancel();
            throw GoAway();
        });
        using var transport = new HttpTransport(Options("https", () => handler));

        var outcomes = new List<SendOutcome>();
        await new InAppEventApi(transport, _clock).SendAsync(App(), [[]], outcomes, cancellation.Token);

        Assert.Equal(SendOutcomeKind.Interrupted, Assert.Single(outcomes).Kind);
        Assert.Equal(1, handler.Requests);
    }

    private static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);

    private static HttpRequestException GoAway() =>
        new(HttpRequestError.HttpProtocolError, "aborted", new HttpProtocolException(0, "NO_ERROR", null));

    private static async Task<SendOutcome> SendAsync(InAppEventApi api, MetrixApp app)
    {
        var outcomes = new List<SendOutcome>();
        await api.SendAsync(app, [[]], outcomes, TestContext.Current.CancellationToken);
        return Assert.Single(outcomes);
    }

    private static MetrixApp App(string scheme = "https") =>
        new("app", "app", TestUser.DevKey, new Uri($"{scheme}://metrix.test"));

    private static HttpTransport Transport(
        string scheme, Func<int, HttpResponseMessage> answer, bool detectCaptivePortal = true) =>
        new(Options(scheme, () => new StubHandler(answer), detectCaptivePortal));

    private static MetrixOptions Options(
        string scheme, Func<HttpMessageHandler> createHandler, bool detectCaptivePortal = true) => new()
        {
            Endpoint = new Uri($"{scheme}://metrix.test"),
            HttpMessageHandlerFactory = createHandler,
            DetectCaptivePortal = detectCaptivePortal,
        };

    private static HttpResponseMessage Ok(string text) => Answer(200, "text/plain", text);

    private static HttpResponseMessage Answer(int status, string type, string text) =>
        Answer(status, type, new StringContent(text, Encoding.UTF8));

    private static HttpResponseMessage Answer(int status, string type, HttpContent content)
    {
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", $"{type}; charset=utf-8");
        return new HttpResponseMessage((HttpStatusCode)status) { Content = content };
    }
}
