using Metrix.Client.Configuration;
using Microsoft.Extensions.Configuration;

namespace Metrix.AspNetCore.Identity;

/// <summary>
/// Reads the section <c>Metrix:Identity</c>. An unknown name or an invalid value throws.
/// </summary>
internal static class IdentitySettings
{
    public const string Section = MetrixSettings.Section + ":Identity";

    private static readonly Dictionary<string, Action<MetrixIdentityOptions, IConfigurationSection>> Readers =
        new(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(MetrixIdentityOptions.UserIdHeader)] = (o, s) => o.UserIdHeader = ReadText(s),
            [nameof(MetrixIdentityOptions.SessionIdHeader)] = (o, s) => o.SessionIdHeader = ReadText(s),
            [nameof(MetrixIdentityOptions.AdvertisingIdHeader)] = (o, s) => o.AdvertisingIdHeader = ReadText(s),
            [nameof(MetrixIdentityOptions.IdfaHeader)] = (o, s) => o.IdfaHeader = ReadText(s),
            [nameof(MetrixIdentityOptions.UserIdClaim)] = (o, s) => o.UserIdClaim = ReadText(s),
            [nameof(MetrixIdentityOptions.SessionIdClaim)] = (o, s) => o.SessionIdClaim = ReadText(s),
            [nameof(MetrixIdentityOptions.AdvertisingIdClaim)] = (o, s) => o.AdvertisingIdClaim = ReadText(s),
            [nameof(MetrixIdentityOptions.IdfaClaim)] = (o, s) => o.IdfaClaim = ReadText(s),
            [nameof(MetrixIdentityOptions.IncludeDeviceIp)] = (o, s) => o.IncludeDeviceIp = ReadBoolean(s),
            [nameof(MetrixIdentityOptions.ReadBaggage)] = (o, s) => o.ReadBaggage = ReadBoolean(s),
            [nameof(MetrixIdentityOptions.PropagateTo)] = (o, s) => AddHosts(o, s),
        };

    /// <exception cref="ArgumentException">A name is unknown, or a value does not parse. The message names the setting
    /// and shows a valid value.</exception>
    public static void Read(MetrixIdentityOptions options, IConfiguration configuration)
    {
        foreach (var setting in configuration.GetSection(Section).GetChildren())
        {
            if (!Readers.TryGetValue(setting.Key, out var read))
            {
                throw new ArgumentException(
                    $"{setting.Path}: unknown setting. {NearestName.Hint(setting.Key, Readers.Keys)}");
            }

            read(options, setting);
        }
    }

    // Configuration has no null, so an empty text turns a header or claim off.
    private static string? ReadText(IConfigurationSection setting) =>
        string.IsNullOrWhiteSpace(setting.Value) ? null : setting.Value.Trim();

    private static bool ReadBoolean(IConfigurationSection setting) => bool.TryParse(setting.Value, out var value)
        ? value
        : throw new ArgumentException(
            $"{setting.Path}: \"{setting.Value}\" is neither true nor false. Example: \"{setting.Key}\": true");

    private static void AddHosts(MetrixIdentityOptions options, IConfigurationSection setting)
    {
        if (!string.IsNullOrEmpty(setting.Value))
        {
            throw new ArgumentException(
                $"{setting.Path}: the value is text, but a list is expected. " +
                $"Example: \"{setting.Key}\": [ \"orders.internal\" ]");
        }

        foreach (var host in setting.GetChildren())
            options.PropagateTo.Add(host.Value ?? "");
    }
}
