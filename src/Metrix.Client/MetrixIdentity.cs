using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Metrix.Client.Mapping;

namespace Metrix.Client;

/// <summary>
/// The end user whom an event belongs to. Only the phone knows these values; the app hands them to its backend.
/// </summary>
public sealed class MetrixIdentity
{
    /// <summary>
    /// The user's id, from the mobile SDK's <c>setOnReceiveUserIdListener</c>. Required.
    /// </summary>
    public string? MetrixUserId { get; init; }

    /// <summary>
    /// The session's id, from the mobile SDK's <c>setOnSessionIdListener</c>. Required.
    /// </summary>
    public string? MetrixSessionId { get; init; }

    /// <summary>
    /// The Google advertising id: the event belongs to an Android device. Exactly one of this and <see cref="Idfa"/>.
    /// </summary>
    public string? AdvertisingId { get; init; }

    /// <summary>
    /// The Apple advertising id: the event belongs to an iOS device. Exactly one of this and <see cref="AdvertisingId"/>.
    /// </summary>
    public string? Idfa { get; init; }

    /// <summary>
    /// The IP address of the end user's device, not of the server. Optional.
    /// </summary>
    public string? DeviceIp { get; init; }

    /// <summary>
    /// The name of the app that the user has, when there are several. Default null: the only app, else the one named
    /// <c>android</c> or <c>ios</c> after the advertising id.
    /// </summary>
    public string? App { get; init; }

    /// <summary>
    /// A small JSON text of it, to be kept beside a job that runs when the request is gone. <see cref="FromJson"/> reads it.
    /// </summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var (field, value) in Fields())
            {
                if (value is not null)
                    writer.WriteString(FieldNames.KeyOf(field), value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>
    /// Reads what <see cref="ToJson"/> wrote. Members that it does not know are passed over: a later version may have
    /// written them.
    /// </summary>
    /// <param name="json">The text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="FormatException">It is no JSON object of texts. The text does not stand in the message.</exception>
    public static MetrixIdentity FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new MetrixIdentity
            {
                MetrixUserId = Read(root, EventField.MetrixUserId),
                MetrixSessionId = Read(root, EventField.MetrixSessionId),
                AdvertisingId = Read(root, EventField.AdvertisingId),
                Idfa = Read(root, EventField.Idfa),
                DeviceIp = Read(root, EventField.DeviceIp),
                App = Read(root, EventField.App),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("The text is no identity: a JSON object of texts is expected, as ToJson() writes it.");
        }
    }

    /// <summary>Only the name of its type: the ids are personal data, and do not belong into messages.</summary>
    public override string ToString() => nameof(MetrixIdentity);

    /// <summary>Its values by the fields of an event.</summary>
    internal IEnumerable<(EventField Field, string? Value)> Fields() =>
    [
        (EventField.MetrixUserId, MetrixUserId), (EventField.MetrixSessionId, MetrixSessionId),
        (EventField.AdvertisingId, AdvertisingId), (EventField.Idfa, Idfa), (EventField.DeviceIp, DeviceIp),
        (EventField.App, App),
    ];

    private static string? Read(JsonElement root, EventField field) =>
        root.TryGetProperty(FieldNames.KeyOf(field), out var value) ? value.GetString() : null;
}
