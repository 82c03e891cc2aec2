using System.Globalization;
using Metrix.Client;
using Metrix.Client.Mapping;

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
    /// <returns>The exchange, or null when the event is not sent at all; and what the client said of the event before it.</returns>
    /// <exception cref="ArgumentException">A setting is impossible.</exception>
    public async Task<(RecordedExchange? Exchange, IReadOnlyList<string> Said)> SendAsync(bool isDry)
    {
        var handler = new RecordingHandler(isDry, Timeout, DevKey);
        var said = new List<string>();
        var isSaying = true;
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
            Diagnostics = message =>
            {
                // On this thread, while the event is taken in; what is said of its delivery later is explained by the answer.
                if (Volatile.Read(ref isSaying))
                    said.Add(message);
            },
        });
        client.Send(new MetrixEvent(Slug, Identity) { Properties = new Dictionary<string, object?>(Properties) });
        Volatile.Write(ref isSaying, false);
        return client.Ledger.Invalid > 0 ? (null, said) : (await handler.Recorded, said);
    }

    /// <summary>Whether the client reads a property of this name as a field of the event.</summary>
    public static bool IsReserved(string name) =>
        name is FieldNames.Slug or FieldNames.SlugPascalCase
        || Enum.GetValues<EventField>().Any(field => FieldNames.NamesOf(field, new Dictionary<string, string>()).Contains(name, StringComparer.OrdinalIgnoreCase));

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
