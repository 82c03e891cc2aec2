using System.Globalization;
using Metrix.Client.Configuration;
using Microsoft.Extensions.Configuration;

namespace Metrix.AspNetCore.Identity;

/// <summary>
/// Reads the section <c>Metrix:Identity</c>, as strictly as all else.
/// </summary>
internal static class IdentitySettings
{
    public const string Section = MetrixSettings.Section + ":Identity";

    private static readonly Dictionary<string, Action<MetrixIdentityOptions, IConfigurationSection>> Readers =
        new(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(MetrixIdentityOptions.UserIdHeader)] = (o, s) => o.UserIdHeader = Text(s),
            [nameof(MetrixIdentityOptions.SessionIdHeader)] = (o, s) => o.SessionIdHeader = Text(s),
            [nameof(MetrixIdentityOptions.AdvertisingIdHeader)] = (o, s) => o.AdvertisingIdHeader = Text(s),
            [nameof(MetrixIdentityOptions.IdfaHeader)] = (o, s) => o.IdfaHeader = Text(s),
            [nameof(MetrixIdentityOptions.UserIdClaim)] = (o, s) => o.UserIdClaim = Text(s),
            [nameof(MetrixIdentityOptions.SessionIdClaim)] = (o, s) => o.SessionIdClaim = Text(s),
            [nameof(MetrixIdentityOptions.AdvertisingIdClaim)] = (o, s) => o.AdvertisingIdClaim = Text(s),
            [nameof(MetrixIdentityOptions.IdfaClaim)] = (o, s) => o.IdfaClaim = Text(s),
            [nameof(MetrixIdentityOptions.IncludeDeviceIp)] = (o, s) => o.IncludeDeviceIp = Truth(s),
            [nameof(MetrixIdentityOptions.ReadBaggage)] = (o, s) => o.ReadBaggage = Truth(s),
            [nameof(MetrixIdentityOptions.PropagateTo)] = (o, s) => AddHosts(o, s),
        };

    /// <exception cref="ArgumentException">A name is unknown, or a value does not parse; the message names it and shows a
    /// right one.</exception>
    public static void Read(MetrixIdentityOptions options, IConfiguration configuration)
    {
        foreach (var setting in configuration.GetSection(Section).GetChildren())
        {
            if (!Readers.TryGetValue(setting.Key, out var read))
                throw new ArgumentException($"{setting.Path}: unknown setting. {NearestName.Hint(setting.Key, Readers.Keys)}");

            read(options, setting);
        }
    }

    // An empty text is how a configuration says that none is read.
    private static string? Text(IConfigurationSection setting) => string.IsNullOrWhiteSpace(setting.Value) ? null : setting.Value.Trim();

    private static bool Truth(IConfigurationSection setting) => bool.TryParse(setting.Value, out var value)
        ? value
        : throw new ArgumentException(string.Create(
            CultureInfo.InvariantCulture, $"{setting.Path}: \"{setting.Value}\" is neither true nor false. Example: \"{setting.Key}\": true"));

    private static void AddHosts(MetrixIdentityOptions options, IConfigurationSection setting)
    {
        if (!string.IsNullOrEmpty(setting.Value))
            throw new ArgumentException($"{setting.Path}: it is a text, where a list is expected. Example: \"{setting.Key}\": [ \"orders.internal\" ]");

        foreach (var host in setting.GetChildren())
            options.PropagateTo.Add(host.Value ?? "");
    }
}
