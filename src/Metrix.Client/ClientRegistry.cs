namespace Metrix.Client;

/// <summary>
/// The clients of the process that are not closed, whoever made them: a logger's is known to no container.
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
