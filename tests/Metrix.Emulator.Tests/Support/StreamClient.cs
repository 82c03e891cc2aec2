using System.Text.Json;

namespace Metrix.Emulator.Tests.Support;

/// <summary>Reads the messages of <c>/api/stream</c>.</summary>
internal sealed class StreamClient : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private StreamClient(HttpResponseMessage answer, Stream stream)
    {
        _answer = answer;
        _lines = new StreamReader(stream);
    }

    /// <summary>Gets the id of the last message that was read.</summary>
    public string LastId { get; private set; } = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<StreamClient> OpenAsync(MetrixEmulator emulator, string? lastId = null, string query = "")
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(emulator.Endpoint, $"api/stream{query}"));
        if (lastId is not null) request.Headers.Add("Last-Event-ID", lastId);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        return new StreamClient(answer, await answer.Content.ReadAsStreamAsync(Cancel));
    }

    /// <summary>Reads the next message with one of these names.</summary>
    public async Task<(string Name, JsonElement Data)> NextAsync(params string[] names)
    {
        var name = "";
        while (await _lines.ReadLineAsync(Cancel) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) LastId = line[4..];
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            if (line.StartsWith("data: ", StringComparison.Ordinal) && names.Contains(name))
                return (name, JsonDocument.Parse(line[6..]).RootElement);
        }

        throw new EndOfStreamException();
    }

    /// <summary>Asserts the ids of the next arrivals. A reset before or between them fails the test.</summary>
    public async Task AssertArrivalsAsync(params int[] expected)
    {
        var ids = new List<int>();
        while (ids.Count < expected.Length)
        {
            var (name, data) = await NextAsync("arrivals", "reset");
            Assert.Equal("arrivals", name);
            ids.AddRange(data.EnumerateArray().Select(row => row.GetProperty("id").GetInt32()));
        }

        Assert.Equal(expected, ids);
    }

    /// <summary>Asserts that the next message is a reset, before any arrival.</summary>
    public async Task AssertResetAsync() => Assert.Equal("reset", (await NextAsync("reset", "arrivals")).Name);

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
    }
}
