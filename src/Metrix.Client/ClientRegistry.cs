namespace Metrix.Client;

/// <summary>
/// Lists the open clients of the process, regardless of who created them. No container knows a logger's client.
/// </summary>
internal static class ClientRegistry
{
    private static readonly object Lock = new();
    private static MetrixClient[] _all = [];

    public static IReadOnlyList<MetrixClient> All => Volatile.Read(ref _all);

    public static void Add(MetrixClient client)
    {
        lock (Lock)
        {
            _all = [.. _all, client];
        }
    }

    public static void Remove(MetrixClient client)
    {
        lock (Lock)
        {
            _all = [.. _all.Where(open => open != client)];
        }
    }
}
