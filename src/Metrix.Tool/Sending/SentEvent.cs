using System.Globalization;
using Metrix.Client;

namespace Metrix.Tool.Sending;

/// <summary>One event, made and sent by the very client that applications use.</summary>
internal sealed record SentEvent
{
    public required string AppId { get; init; }

    public required string DevKey { get; init; }

    public required string Slug { get; init; }

    public required Uri Endpoint { get; init; }

    public required MetrixIdentity Identity { get; init; }

    public required IReadOnlyDictionary<string, object?> Properties { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>Sends it once, or makes the request and sends nothing.</summary>
    /// <returns>The exchange; or what is wrong with the event, before anything is sent.</returns>
    /// <exception cref="ArgumentException">A setting is impossible.</exception>
    public async Task<(RecordedExchange? Exchange, string? Problem)> SendAsync(bool isDry)
    {
        var handler = new RecordingHandler(isDry, Timeout);
        var problem = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var client = new MetrixClient(new MetrixOptions
        {
            AppId = AppId,
            DevKey = DevKey,
            Endpoint = Endpoint,
            Period = TimeSpan.FromMilliseconds(10),

            // The handler has the limit, and one attempt is made: what fails is told of here and not tried again.
            RequestTimeout = TimeSpan.FromMinutes(10),
            FlushTimeout = TimeSpan.FromMilliseconds(1),
            HttpMessageHandlerFactory = () => handler,
            Diagnostics = message => problem.TrySetResult(message),
        });
        client.Send(new MetrixEvent(Slug, Identity) { Properties = new Dictionary<string, object?>(Properties) });
        if (problem.Task.IsCompleted && !handler.Recorded.IsCompleted)
            return (null, await problem.Task);

        return (await handler.Recorded, null);
    }

    /// <summary>Reads <c>name=value</c>.</summary>
    public static bool TryParseAttribute(string text, out string name, out string value)
    {
        var at = text.IndexOf('=');
        (name, value) = at > 0 ? (text[..at], text[(at + 1)..]) : ("", "");
        return at > 0;
    }

    /// <summary>Reads <c>name=number</c>, with a point whatever the culture.</summary>
    public static bool TryParseMetric(string text, out string name, out double value)
    {
        value = 0;
        return TryParseAttribute(text, out name, out var number)
            && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }
}
