namespace Metrix.AspNetCore.Propagation;

/// <summary>
/// The hosts that requests may carry the ids to.
/// </summary>
internal sealed class HostList
{
    private const string Below = "*.";

    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _suffixes = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">An entry is no host, or would be every host of a top-level domain.</exception>
    public HostList(IEnumerable<string> hosts)
    {
        foreach (var entry in hosts)
        {
            var isSuffix = entry.Trim().StartsWith(Below, StringComparison.Ordinal);
            var name = isSuffix ? entry.Trim()[Below.Length..] : entry.Trim();
            if (Uri.CheckHostName(name) == UriHostNameType.Unknown || (isSuffix && !name.Contains('.')) ||
                !Uri.TryCreate($"http://{name}/", UriKind.Absolute, out var address))
            {
                throw new ArgumentException(
                    $"PropagateTo: \"{entry}\" is no name of a host. Example: \"propagateTo\": [ \"orders.internal\", \"*.shop.internal\" ]");
            }

            // As requests have it: punycode, and no brackets around an address.
            if (isSuffix)
                _suffixes.Add("." + address.IdnHost);
            else
                _hosts.Add(address.IdnHost);
        }
    }

    private HostList(HostList one, HostList other)
    {
        _hosts.UnionWith(one._hosts);
        _hosts.UnionWith(other._hosts);
        _suffixes.UnionWith(one._suffixes);
        _suffixes.UnionWith(other._suffixes);
    }

    public bool IsEmpty => _hosts.Count == 0 && _suffixes.Count == 0;

    public HostList And(HostList other) => new(this, other);

    public bool Includes(HostList other) => _hosts.IsSupersetOf(other._hosts) && _suffixes.IsSupersetOf(other._suffixes);

    public bool Contains(Uri address)
    {
        if (_hosts.Contains(address.IdnHost))
            return true;

        foreach (var suffix in _suffixes)
        {
            if (address.IdnHost.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
