using System.Globalization;
using Metrix.Client;
using Metrix.Client.Mapping;

namespace Metrix.Tool.Sending;

/// <summary>Represents one event that is sent with the same client that applications use.</summary>
internal sealed record TestEvent
{
    public required string AppId { get; init; }

    public required string DevKey { get; init; }

    public required string Slug { get; init; }

    public required Uri Endpoint { get; init; }

    public required MetrixIdentity Identity { get; init; }

    public required IReadOnlyDictionary<string, object?> Properties { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>Sends the event once. A dry run creates the request without sending it.</summary>
    /// <returns>
    /// The exchange, or <see langword="null"/> if the client rejected the event, and the messages of the client about
    /// the event.
    /// </returns>
    /// <exception cref="ArgumentException">A setting is invalid.</exception>
    public async Task<(RecordedExchange? Exchange, IReadOnlyList<string> Messages)> SendAsync(bool isDryRun)
    {
        var handler = new RecordingHandler(isDryRun, Timeout, DevKey, Endpoint);
        var messages = new List<string>();
        var isRecording = true;
        await using var client = new MetrixClient(new MetrixOptions
        {
            AppId = AppId,
            DevKey = DevKey,
            Endpoint = Endpoint,
            Period = TimeSpan.FromMilliseconds(10),

            // The handler enforces the timeout. There is one attempt: a failure is reported, not retried.
            RequestTimeout = TimeSpan.FromMinutes(10),
            FlushTimeout = TimeSpan.FromMilliseconds(1),
            HttpMessageHandlerFactory = () => handler,
            Diagnostics = message =>
            {
                // Only messages about the event itself, which are written on this thread inside Send. Later messages
                // are about the delivery, which the explanation of the answer covers.
                if (Volatile.Read(ref isRecording))
                    messages.Add(message);
            },
        });
        client.Send(new MetrixEvent(Slug, Identity) { Properties = new Dictionary<string, object?>(Properties) });
        Volatile.Write(ref isRecording, false);
        return client.Ledger.Invalid > 0 ? (null, messages) : (await handler.Recorded, messages);
    }

    /// <summary>Returns whether the client reads a property with this name as a field of the event.</summary>
    public static bool IsReserved(string name) =>
        name is FieldNames.Slug or FieldNames.SlugPascalCase
        || Enum.GetValues<EventField>()
            .SelectMany(field => FieldNames.NamesOf(field, new Dictionary<string, string>()))
            .Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Parses <c>name=value</c>.</summary>
    public static bool TryParseAttribute(string text, out string name, out string value)
    {
        var separator = text.IndexOf('=');
        (name, value) = separator > 0 ? (text[..separator], text[(separator + 1)..]) : ("", "");
        return separator > 0;
    }

    /// <summary>Parses <c>name=number</c>. The decimal separator is a point in every culture.</summary>
    public static bool TryParseMetric(string text, out string name, out double value)
    {
        value = 0;
        return TryParseAttribute(text, out name, out var number)
            && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }
}
