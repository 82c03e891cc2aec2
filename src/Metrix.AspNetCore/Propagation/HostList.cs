namespace Metrix.AspNetCore.Propagation;

/// <summary>
/// The hosts that requests may carry the ids to.
/// </summary>
internal sealed class HostList
{
    private readonly string[] _all;
    private readonly HashSet<string> _hosts;
    private readonly string[] _suffixes;

    /// <exception cref="ArgumentException">An entry is no host, or would be every host.</exception>
    public HostList(IEnumerable<string> hosts)
    {
        _all = [.. hosts.Select(host => host.Trim())];
        foreach (var host in _all)
        {
            var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
            if (Uri.CheckHostName(name) == UriHostNameType.Unknown || (name != host && !name.Contains('.')))
            {
                throw new ArgumentException(
                    $"PropagateTo: \"{host}\" is no name of a host. Right: \"propagateTo\": [ \"orders.internal\", \"*.shop.internal\" ]");
            }
        }

        _hosts = _all.Where(host => host[0] != '*').ToHashSet(StringComparer.OrdinalIgnoreCase);
        _suffixes = [.. _all.Where(host => host[0] == '*').Select(host => host[1..])];
    }

    public bool IsEmpty => _all.Length == 0;

    public HostList And(HostList other) => new([.. _all, .. other._all]);

    public bool Contains(Uri address) =>
        _hosts.Contains(address.IdnHost) ||
        Array.Exists(_suffixes, suffix => address.IdnHost.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
}
