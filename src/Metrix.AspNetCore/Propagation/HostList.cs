namespace Metrix.AspNetCore.Propagation;

/// <summary>
/// Represents the hosts that may receive the ids with outgoing requests.
/// </summary>
internal sealed class HostList
{
    private const string WildcardPrefix = "*.";

    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _suffixes = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">An entry is not a host name, or matches a whole top-level
    /// domain.</exception>
    public HostList(IEnumerable<string> hosts)
    {
        foreach (var entry in hosts)
        {
            var isSuffix = entry.Trim().StartsWith(WildcardPrefix, StringComparison.Ordinal);
            var name = isSuffix ? entry.Trim()[WildcardPrefix.Length..] : entry.Trim();
            if (Uri.CheckHostName(name) == UriHostNameType.Unknown || (isSuffix && !name.Contains('.')) ||
                !Uri.TryCreate($"http://{name}/", UriKind.Absolute, out var address))
            {
                throw new ArgumentException(
                    $"PropagateTo: \"{entry}\" is not a host name. " +
                    "Example: \"propagateTo\": [ \"orders.internal\", \"*.shop.internal\" ]");
            }

            // Store hosts as request addresses contain them: in punycode, and without brackets around an IPv6 address.
            if (isSuffix)
                _suffixes.Add("." + address.IdnHost);
            else
                _hosts.Add(address.IdnHost);
        }
    }

    private HostList(HostList first, HostList second)
    {
        _hosts.UnionWith(first._hosts);
        _hosts.UnionWith(second._hosts);
        _suffixes.UnionWith(first._suffixes);
        _suffixes.UnionWith(second._suffixes);
    }

    public bool IsEmpty => _hosts.Count == 0 && _suffixes.Count == 0;

    public HostList Union(HostList other) => new(this, other);

    public bool Includes(HostList other) =>
        _hosts.IsSupersetOf(other._hosts) && _suffixes.IsSupersetOf(other._suffixes);

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
