using System.Globalization;
using System.Net;
using Metrix.Client.Tests.Support;
using Metrix.Client.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Wire;

public class AnswerPolicyTests
{
    [Fact]
    public void Every_status_is_mapped_to_its_outcome()
    {
        for (var status = 100; status <= 599; status++)
        {
            var expected = status switch
            {
                < 200 => SendOutcomeKind.Unavailable,
                < 300 => SendOutcomeKind.Delivered,
                < 400 => SendOutcomeKind.Misconfigured,
                401 or 403 or 404 or 407 => SendOutcomeKind.Misconfigured,
                408 or 425 or 429 => SendOutcomeKind.Unavailable,
                < 500 => SendOutcomeKind.Rejected,
                _ => SendOutcomeKind.Unavailable,
            };
            Assert.Equal((status, expected), (status, AnswerPolicy.KindOf((HttpStatusCode)status)));
        }
    }

    [Theory]
    [InlineData(400, "400")]
    [InlineData(403, "403")]
    [InlineData(302, "302")]
    [InlineData(503, "503")]
    public void The_reason_is_the_status_code(int status, string reason) => Assert.Equal(reason, Of(status).Reason);

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public void Retry_After_in_seconds_is_respected(int status) =>
        Assert.Equal(TimeSpan.FromSeconds(120), Of(status, "120").RetryAfter);

    [Fact]
    public void Retry_After_as_a_date_is_respected() =>
        Assert.Equal(
            TimeSpan.FromSeconds(90),
            Of(503, Now.AddSeconds(90).ToString("R", CultureInfo.InvariantCulture)).RetryAfter);

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("1.5")]
    [InlineData("-99999999999999999999")]
    [InlineData("00000000000000000000")]
    [InlineData("2147483648.5")]
    [InlineData("1e3")]
    [InlineData("۱۲۰")]
    [InlineData("")]
    [InlineData("Fri, 04 Oct 2019 11:29:13 GMT")]
    [InlineData("99 Foo 2019")]
    public void Retry_After_in_the_past_or_malformed_is_ignored(string value) => Assert.Null(Of(503, value).RetryAfter);

    [Theory]
    [InlineData(" 120 ")]
    [InlineData("0000000000000000000000120")]
    public void Retry_After_is_read_with_white_space_and_leading_zeros(string value) =>
        Assert.Equal(TimeSpan.FromSeconds(120), Of(503, value).RetryAfter);

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void Retry_After_as_a_date_is_measured_against_the_date_of_the_response(int secondsOfSkew)
    {
        var serverTime = Now.AddSeconds(secondsOfSkew);

        var outcome = Of(503, Rfc1123(serverTime.AddSeconds(90)), Rfc1123(serverTime));

        Assert.Equal(TimeSpan.FromSeconds(90), outcome.RetryAfter);
    }

    [Fact]
    public void Retry_After_as_a_date_is_measured_against_the_clock_when_the_response_has_an_invalid_date() =>
        Assert.Equal(TimeSpan.FromSeconds(90), Of(503, Rfc1123(Now.AddSeconds(90)), "yesterday").RetryAfter);

    [Fact]
    public void A_response_without_Retry_After_sets_no_wait() => Assert.Null(Of(503).RetryAfter);

    [Theory]
    [InlineData("601")]
    [InlineData("2147483647")]
    [InlineData("2147483648")]
    [InlineData("4294967296")]
    [InlineData("99999999999999999999")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public void Retry_After_is_limited_to_ten_minutes(string value) =>
        Assert.Equal(TimeSpan.FromMinutes(10), Of(503, value).RetryAfter);

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(401)]
    public void Retry_After_is_ignored_for_a_final_status(int status) => Assert.Null(Of(status, "120").RetryAfter);

    public static TheoryData<HttpRequestError, string> Errors() => new()
    {
        { HttpRequestError.NameResolutionError, "Unreachable dns" },
        { HttpRequestError.SecureConnectionError, "Unreachable tls" },
        { HttpRequestError.ConnectionError, "Unreachable connection" },
        { HttpRequestError.ProxyTunnelError, "Unreachable proxy" },
        { HttpRequestError.InvalidResponse, "Unavailable protocol" },
        { HttpRequestError.HttpProtocolError, "Unavailable protocol" },
        { HttpRequestError.ResponseEnded, "Unavailable broken_off" },
        { HttpRequestError.Unknown, "Unavailable broken_off" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void A_request_error_is_mapped_to_its_outcome(HttpRequestError error, string expected)
    {
        var outcome = AnswerPolicy.Of(new HttpRequestException(error));

        Assert.Equal(expected, $"{outcome.Kind} {outcome.Reason}");
    }

    public static TheoryData<string, string> Exceptions() => new()
    {
        { nameof(OperationCanceledException), "timeout" },
        { nameof(TaskCanceledException), "timeout" },
        { nameof(IOException), "broken_off" },
        { nameof(InvalidOperationException), "handler" },
        { nameof(NullReferenceException), "handler" },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void Any_other_exception_causes_a_retry(string exceptionName, string reason)
    {
        Exception[] known =
        [
            new OperationCanceledException(), new TaskCanceledException(), new IOException(),
            new InvalidOperationException(), new NullReferenceException(),
        ];

        Assert.Equal(
            new SendOutcome(SendOutcomeKind.Unavailable, reason),
            AnswerPolicy.Of(known.Single(e => e.GetType().Name == exceptionName)));
    }

    // A date in a header has whole seconds.
    private static DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeSeconds(TestData.Time.ToUnixTimeSeconds());

    private static string Rfc1123(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);

    private static SendOutcome Of(int status, string? retryAfter = null, string? date = null)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        if (retryAfter is not null)
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        if (date is not null)
            response.Headers.TryAddWithoutValidation("Date", date);
        return AnswerPolicy.Of(response, new FakeTimeProvider(Now));
    }
}
