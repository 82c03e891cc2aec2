using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Metrix.Client;

/// <summary>
/// Identifies the end user of an event. Only the mobile SDK knows these values; the app sends them to its backend.
/// </summary>
public sealed class MetrixIdentity
{
    // The names of the vendor's API; "app" is added.
    private const string UserIdName = "metrixUserId";
    private const string SessionIdName = "metrixSessionId";
    private const string AdvertisingIdName = "advertisingId";
    private const string IdfaName = "idfa";
    private const string DeviceIpName = "deviceIp";
    private const string AppName = "app";

    /// <summary>
    /// Gets the user's id, which the mobile SDK passes to its <c>setUserIdListener</c>. Required.
    /// </summary>
    public string? MetrixUserId { get; init; }

    /// <summary>
    /// Gets the session's id, which the mobile SDK passes to its <c>setSessionIdListener</c>. Required.
    /// </summary>
    public string? MetrixSessionId { get; init; }

    /// <summary>
    /// Gets the Google advertising id of an Android device. Exactly one of this and <see cref="Idfa"/> is required.
    /// </summary>
    public string? AdvertisingId { get; init; }

    /// <summary>
    /// Gets the Apple advertising id of an iOS device. Exactly one of this and <see cref="AdvertisingId"/> is required.
    /// </summary>
    public string? Idfa { get; init; }

    /// <summary>
    /// Gets the IP address of the end user's device, not of the server. Optional.
    /// </summary>
    public string? DeviceIp { get; init; }

    /// <summary>
    /// Gets the name of the user's app in <see cref="MetrixOptions.Apps"/>. Default null: the only app, or with several
    /// apps the one named <c>android</c> or <c>ios</c>, depending on the advertising id.
    /// </summary>
    public string? App { get; init; }

    /// <summary>
    /// Returns the identity as a short JSON text, for example to store it with a background job.
    /// <see cref="FromJson"/> reads it.
    /// </summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            Write(writer, UserIdName, MetrixUserId);
            Write(writer, SessionIdName, MetrixSessionId);
            Write(writer, AdvertisingIdName, AdvertisingId);
            Write(writer, IdfaName, Idfa);
            Write(writer, DeviceIpName, DeviceIp);
            Write(writer, AppName, App);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>
    /// Reads the text that <see cref="ToJson"/> returned. Unknown members are ignored, because a later version may have
    /// written them.
    /// </summary>
    /// <param name="json">The JSON text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="FormatException">The text is not a JSON object of strings. The message does not contain the
    /// text.</exception>
    public static MetrixIdentity FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new MetrixIdentity
            {
                MetrixUserId = Read(root, UserIdName),
                MetrixSessionId = Read(root, SessionIdName),
                AdvertisingId = Read(root, AdvertisingIdName),
                Idfa = Read(root, IdfaName),
                DeviceIp = Read(root, DeviceIpName),
                App = Read(root, AppName),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("The text is not an identity. Pass the JSON object that ToJson() returned.");
        }
    }

    /// <summary>Returns the name of the type only, because the ids are personal data.</summary>
    public override string ToString() => nameof(MetrixIdentity);

    private static void Write(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    private static string? Read(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? value.GetString() : null;
}
