using System.Collections.Frozen;
using System.Net;

namespace Metrix.Emulator.Validation;

/// <summary>The options, checked and copied: what the caller changes after the start no longer counts.</summary>
internal sealed class EmulatorSettings
{
    public EmulatorSettings(MetrixEmulatorOptions options)
    {
        Require(options.Port is >= 0 and <= IPEndPoint.MaxPort, nameof(options.Port), "must be 0 to 65535");
        Require(options.Capacity > 0, nameof(options.Capacity), "must be at least 1");
        Require(options.Address is not null, nameof(options.Address), "is missing");
        Require(options.Apps is not null, nameof(options.Apps), "is missing");
        Require(options.AllowedAddresses is not null, nameof(options.AllowedAddresses), "is missing");
        foreach (var (id, key) in options.Apps!)
        {
            Require(!string.IsNullOrWhiteSpace(id), nameof(options.Apps), "holds an app id that is empty");
            Require(!string.IsNullOrWhiteSpace(key), nameof(options.Apps), $"holds no dev-key for the app {id}");
        }

        Require(options.Slugs is not null, nameof(options.Slugs), "is missing");
        foreach (var (name, slug) in options.Slugs!)
            Require(!string.IsNullOrWhiteSpace(slug), nameof(options.Slugs), $"holds no slug for the name {name}");

        Port = options.Port;
        Address = options.Address!;
        Capacity = options.Capacity;
        Answer = options.Answer;
        Apps = options.Apps.ToFrozenDictionary(StringComparer.Ordinal);
        EventNames = options.Slugs
            .GroupBy(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal)
            .ToFrozenDictionary(slug => slug.Key, names => string.Join(", ", names), StringComparer.Ordinal);
        AllowedAddresses = options.AllowedAddresses!.Select(Plain).ToFrozenSet();
    }

    public int Port { get; }

    public IPAddress Address { get; }

    public int Capacity { get; }

    public Func<EmulatorRequest, EmulatorResponse?>? Answer { get; }

    public FrozenDictionary<string, string> Apps { get; }

    /// <summary>The names of each slug.</summary>
    public FrozenDictionary<string, string> EventNames { get; }

    public FrozenSet<IPAddress> AllowedAddresses { get; }

    /// <summary>A socket that serves both families reports an IPv4 client as IPv6; lists are written in IPv4.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static void Require(bool isMet, string setting, string otherwise)
    {
        if (!isMet) throw new ArgumentException($"{nameof(MetrixEmulatorOptions)}.{setting} {otherwise}.", "options");
    }
}
