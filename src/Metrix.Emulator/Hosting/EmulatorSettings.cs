using System.Collections.Frozen;
using System.Net;
using Metrix.Emulator.Http;

namespace Metrix.Emulator.Hosting;

/// <summary>
/// Holds a validated copy of the options. Changes that the caller makes after the start have no effect.
/// </summary>
internal sealed class EmulatorSettings
{
    public EmulatorSettings(MetrixEmulatorOptions options)
    {
        Require(options.Port is >= 0 and <= IPEndPoint.MaxPort, nameof(options.Port), "must be 0 to 65535");
        Require(options.Capacity > 0, nameof(options.Capacity), "must be at least 1");
        Require(options.Address is not null, nameof(options.Address), "must not be null");
        Require(options.Apps is not null, nameof(options.Apps), "must not be null");
        Require(options.AllowedAddresses is not null, nameof(options.AllowedAddresses), "must not be null");
        foreach (var (id, key) in options.Apps!)
        {
            Require(!string.IsNullOrWhiteSpace(id), nameof(options.Apps), "must not contain an empty app id");
            Require(!string.IsNullOrWhiteSpace(key), nameof(options.Apps), $"must contain a dev-key for the app {id}");
        }

        Require(options.Slugs is not null, nameof(options.Slugs), "must not be null");
        foreach (var (name, slug) in options.Slugs!)
        {
            var hasSlug = !string.IsNullOrWhiteSpace(slug);
            Require(hasSlug, nameof(options.Slugs), $"must contain a slug for the name {name}");
        }

        Port = options.Port;
        Address = options.Address!;
        Capacity = options.Capacity;
        Answer = options.Answer;
        Apps = options.Apps.ToFrozenDictionary(StringComparer.Ordinal);
        EventNames = options.Slugs
            .GroupBy(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal)
            .ToFrozenDictionary(slug => slug.Key, names => string.Join(", ", names), StringComparer.Ordinal);
        AllowedAddresses = options.AllowedAddresses!.Select(ClientAddress.Normalize).ToFrozenSet();
    }

    public int Port { get; }

    public IPAddress Address { get; }

    public int Capacity { get; }

    public Func<EmulatorRequest, EmulatorResponse?>? Answer { get; }

    /// <summary>Gets the dev-keys by app id.</summary>
    public FrozenDictionary<string, string> Apps { get; }

    /// <summary>Gets the event names by slug. Several names of one slug are joined.</summary>
    public FrozenDictionary<string, string> EventNames { get; }

    public FrozenSet<IPAddress> AllowedAddresses { get; }

    private static void Require(bool isMet, string setting, string requirement)
    {
        if (!isMet)
            throw new ArgumentException($"{nameof(MetrixEmulatorOptions)}.{setting} {requirement}.", nameof(setting));
    }
}
