using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Metrix.Emulator.Tests.Support;

/// <summary>Sends requests to an emulator.</summary>
internal static class EmulatorClient
{
    // Without tracing headers: the tests assert the headers that they sent.
    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ActivityHeadersPropagator = null,
    });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<HttpResponseMessage> SendAsync(this MetrixEmulator emulator, HttpRequestMessage request)
    {
        request.RequestUri = new Uri(emulator.Endpoint, request.RequestUri?.OriginalString ?? "");
        return Client.SendAsync(request, Cancel);
    }

    public static Task<HttpResponseMessage> SendAsync(this MetrixEmulator emulator, HttpMethod method, string path) =>
        emulator.SendAsync(new HttpRequestMessage(method, path));

    public static Task<HttpResponseMessage> PostAsync(
        this MetrixEmulator emulator, string? body = null, string app = TestData.App, string? key = TestData.Key,
        string? contentType = "application/json") =>
        emulator.PostAsync(Encoding.UTF8.GetBytes(body ?? TestData.Event()), app, key, contentType);

    public static Task<HttpResponseMessage> PostAsync(
        this MetrixEmulator emulator, byte[] body, string app = TestData.App, string? key = TestData.Key,
        string? contentType = "application/json")
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var request = new HttpRequestMessage(HttpMethod.Post, $"inappevent/{app}") { Content = content };
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", key);
        return emulator.SendAsync(request);
    }

    public static async Task SendAcceptedAsync(this MetrixEmulator emulator, string? body = null)
    {
        using var answer = await emulator.PostAsync(body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Asserts the status of a rejection and returns its error and field.</summary>
    public static async Task<(string Error, string? Field)> ReadRejectionAsync(
        this Task<HttpResponseMessage> sent, int status)
    {
        using var answer = await sent;
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode} instead of {status}: {text}");
        Assert.Equal(new MediaTypeHeaderValue("application/json", "utf-8"), answer.Content.Headers.ContentType);
        using var json = JsonDocument.Parse(text);
        var field = json.RootElement.TryGetProperty("field", out var named) ? named.GetString() : null;
        return (json.RootElement.GetProperty("error").GetString()!, field);
    }

    public static async Task<string> TextAsync(this MetrixEmulator emulator, string path)
    {
        using var answer = await emulator.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancel);
    }

    public static async Task<JsonElement[]> ListAsync(this MetrixEmulator emulator, string path)
    {
        using var json = JsonDocument.Parse(await emulator.TextAsync(path));
        return [.. json.RootElement.EnumerateArray().Select(item => item.Clone())];
    }
}
