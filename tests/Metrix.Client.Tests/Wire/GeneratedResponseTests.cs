using System.Globalization;
using System.Net;
using FsCheck;
using FsCheck.Xunit;
using Metrix.Client.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Wire;

public class GeneratedResponseTests
{
    [Property(MaxTest = 2_000)]
    public void Any_response_has_an_outcome_and_a_bounded_wait(
        PositiveInt status, string? retryAfter, string? name, string? value)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        using var response = new HttpResponseMessage((HttpStatusCode)(status.Get % 1_000));
        response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        if (!string.IsNullOrEmpty(name) && name.All(char.IsAsciiLetter))
            response.Headers.TryAddWithoutValidation(name, value);

        var outcome = AnswerPolicy.Of(response, clock);

        Assert.Equal(status.Get % 1_000 is >= 200 and < 300, outcome.Kind == SendOutcomeKind.Delivered);
        if (outcome.RetryAfter is { } wait)
            Assert.InRange(wait, TimeSpan.FromTicks(1), AnswerPolicy.MaxRetryAfter);
    }

    [Property(MaxTest = 1_000)]
    public void Retry_After_in_seconds_is_limited_to_ten_minutes(long seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        response.Headers.TryAddWithoutValidation("Retry-After", seconds.ToString(CultureInfo.InvariantCulture));
        var wait = AnswerPolicy.Of(response, TimeProvider.System).RetryAfter;

        Assert.Equal(seconds <= 0 ? null : TimeSpan.FromSeconds(Math.Min(seconds, 600)), wait);
    }
}
