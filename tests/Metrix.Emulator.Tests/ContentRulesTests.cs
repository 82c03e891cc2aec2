using System.Net;
using System.Text;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class ContentRulesTests
{
    private const int Limit = 64 * 1024;

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("Application/JSON")]
    public async Task JSON_content_type_is_accepted_with_or_without_parameters(string contentType)
    {
        await using var emulator = await StartAsync();
        using var answer = await emulator.PostAsync(contentType: contentType);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("text/plain", "is text/plain")]
    [InlineData("application/x-www-form-urlencoded", "is application/x-www-form-urlencoded")]
    [InlineData("application/jsonp", "is application/jsonp")]
    [InlineData("json", "is json")]
    [InlineData("application/json; charset=utf-16", "the charset is utf-16")]
    public async Task Content_type_other_than_JSON_is_answered_400(string? contentType, string reason)
    {
        await using var emulator = await StartAsync();
        var (error, field) = await emulator.PostAsync(contentType: contentType).ReadRejectionAsync(400);

        Assert.Contains(reason, error);
        Assert.Equal("Content-Type", field);
    }

    [Fact]
    public async Task Body_of_64_KiB_is_accepted()
    {
        await using var emulator = await StartAsync();
        var body = TestData.Event().PadRight(Limit);
        await emulator.SendAcceptedAsync(body);

        Assert.Equal(Limit, Assert.Single(emulator.Events).Request.Body.Length);
    }

    [Fact]
    public async Task Body_over_64_KiB_is_answered_400()
    {
        await using var emulator = await StartAsync();
        var (error, _) = await emulator.PostAsync(TestData.Event().PadRight(Limit + 1)).ReadRejectionAsync(400);

        Assert.Equal("the body is longer than 65536 bytes", error);
    }

    [Fact]
    public async Task Body_over_64_KiB_is_truncated_to_64_KiB()
    {
        await using var emulator = await StartAsync();
        var body = Encoding.UTF8.GetBytes(TestData.Event().PadRight(50 * Limit));
        await emulator.PostAsync(body).ReadRejectionAsync(400);

        Assert.Equal(body[..Limit], Assert.Single(emulator.Rejected).Request.Body.ToArray());
    }

    [Fact]
    public async Task Body_over_64_KiB_is_answered_before_the_rest_of_it_arrives()
    {
        await using var emulator = await StartAsync();
        using var connection = await RawConnection.OpenAsync(emulator);
        await connection.SendAsync(
            $"POST /inappevent/{TestData.App} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {TestData.Key}\r\n" +
            "Content-Type: application/json\r\nContent-Length: 10000000000\r\n\r\n" + new string(' ', Limit + 1));

        Assert.Equal("HTTP/1.1 400 Bad Request", await connection.ReadStatusLineAsync());
    }

    [Fact]
    public async Task Chunked_body_is_accepted()
    {
        await using var emulator = await StartAsync();
        using var connection = await RawConnection.OpenAsync(emulator);
        var (first, second) = (TestData.Event()[..10], TestData.Event()[10..]);
        await connection.SendAsync(
            $"POST /inappevent/{TestData.App} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {TestData.Key}\r\n" +
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
            $"{first.Length:x}\r\n{first}\r\n{second.Length:x}\r\n{second}\r\n0\r\n\r\n");

        Assert.Equal("HTTP/1.1 200 OK", await connection.ReadStatusLineAsync());
        Assert.Equal(TestData.Event(), Encoding.UTF8.GetString(Assert.Single(emulator.Events).Request.Body.Span));
    }

    [Theory]
    [InlineData("", "the body is empty")]
    [InlineData("no json", "the body is not JSON")]
    [InlineData("{", "the body is not JSON")]
    [InlineData("{} {}", "the body is not JSON")]
    [InlineData("{\"metrixUserId\":\"a\",}", "the body is not JSON")]
    [InlineData("{/* a */}", "the body is not JSON")]
    [InlineData("[]", "the body is an array, but must be a JSON object")]
    [InlineData("\"text\"", "the body is a string, but must be a JSON object")]
    [InlineData("1", "the body is a number, but must be a JSON object")]
    [InlineData("null", "the body is null, but must be a JSON object")]
    public async Task Body_that_is_not_a_JSON_object_is_answered_400(string body, string reason)
    {
        await using var emulator = await StartAsync();
        var (error, _) = await emulator.PostAsync(body).ReadRejectionAsync(400);

        Assert.StartsWith(reason, error);
    }

    [Fact]
    public async Task Body_with_excessive_nesting_is_answered_400()
    {
        await using var emulator = await StartAsync();
        var (error, _) = await emulator.PostAsync(new string('[', 10_000)).ReadRejectionAsync(400);

        Assert.StartsWith("the body is not JSON", error);
    }

    [Fact]
    public async Task Body_with_invalid_UTF_8_is_answered_400()
    {
        await using var emulator = await StartAsync();
        var body = Encoding.Latin1.GetBytes(TestData.EventWithSlug("caf\u00e9s"));
        var (error, _) = await emulator.PostAsync(body).ReadRejectionAsync(400);

        Assert.Equal("the body is not valid UTF-8", error);
    }

    [Fact]
    public async Task Body_with_a_byte_order_mark_is_answered_400()
    {
        await using var emulator = await StartAsync();
        var (error, _) = await emulator.PostAsync("\ufeff" + TestData.Event()).ReadRejectionAsync(400);

        Assert.StartsWith("the body begins with a byte order mark", error);
    }

    private static Task<MetrixEmulator> StartAsync() =>
        MetrixEmulator.StartAsync(TestData.Options(), TestContext.Current.CancellationToken);
}
