using System.Globalization;
using System.Security.Cryptography;
using Metrix.Client.Apps;
using Metrix.Client.Sqlite.Storage;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// Tracks the ownership of rows while several processes share a file. Each owner renews its heartbeat. An owner whose
/// heartbeat has not changed for <see cref="LeaseDuration"/>, by the observer's monotonic clock, is dead, and others
/// claim its rows. Wall clocks and process ids play no role, and a living owner never loses its rows.
/// </summary>
/// <remarks>Used by the writer's thread only, except for <see cref="IsProven"/>.</remarks>
internal sealed class FileOwnership(string path, TimeProvider clock)
{
    private const int RowsPerClaim = 5_000;

    private readonly Dictionary<long, (long Heartbeat, long SeenAt)> _observed = [];
    private readonly Queue<long> _deadOwners = new();
    private long _lastHeartbeat;
    private volatile bool _hasOthers;

    /// <summary>Gets how long an owner without a heartbeat keeps its events.</summary>
    public static TimeSpan LeaseDuration { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how often an owner renews its heartbeat.</summary>
    public static TimeSpan HeartbeatInterval { get; } = LeaseDuration / 6;

    public long Id { get; private set; }

    /// <summary>Gets whether no other owner can consider this one dead.</summary>
    public bool IsProven =>
        !_hasOthers || clock.GetElapsedTime(Volatile.Read(ref _lastHeartbeat)) < LeaseDuration / 2;

    public bool IsHeartbeatDue => clock.GetElapsedTime(_lastHeartbeat) >= HeartbeatInterval;

    /// <summary>Gets whether there are rows of dead owners to claim.</summary>
    public bool HasOrphans => _deadOwners.Count > 0;

    /// <summary>Registers a new owner with a random id in an open file.</summary>
    public void Register(OutboxDatabase database)
    {
        var id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;
        var process = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}");
        var before = clock.GetTimestamp();
        database.Register(id, process, clock.GetUtcNow().ToUnixTimeMilliseconds());
        Id = id;
        Volatile.Write(ref _lastHeartbeat, before);
        Observe(database);
    }

    /// <summary>
    /// Renews the heartbeat and observes the other owners. Opens its own connection, so that a deleted or replaced file
    /// is noticed.
    /// </summary>
    /// <returns>False if the file at the path does not contain this owner.</returns>
    public bool RenewHeartbeat()
    {
        if (!File.Exists(path))
            return false;

        using var database = OutboxDatabase.OpenExisting(path);
        return RenewHeartbeat(database);
    }

    /// <summary>Renews the heartbeat in an open file and observes the other owners.</summary>
    public bool RenewHeartbeat(OutboxDatabase database)
    {
        var before = clock.GetTimestamp();
        if (!database.RenewHeartbeat(Id))
            return false;

        Volatile.Write(ref _lastHeartbeat, before);
        Observe(database);
        return true;
    }

    /// <summary>Claims some events of a dead owner, in the current transaction.</summary>
    /// <returns>The number of claimed events of each app.</returns>
    public IReadOnlyList<(MetrixApp App, int Count)> ClaimOrphans(OutboxDatabase database, IEnumerable<MetrixApp> apps)
    {
        var dead = _deadOwners.Peek();
        List<(MetrixApp, int)> claimed = [];
        var isEmpty = true;
        foreach (var app in apps)
        {
            var count = database.Claim(dead, Id, app.AppId, RowsPerClaim);
            if (count > 0)
                claimed.Add((app, count));
            isEmpty &= count < RowsPerClaim;
        }

        // Events of other clients' apps are left to those clients.
        if (isEmpty)
        {
            database.Resign(dead);
            _deadOwners.Dequeue();
        }

        return claimed;
    }

    private void Observe(OutboxDatabase database)
    {
        var now = clock.GetTimestamp();
        var owners = database.Owners();
        _deadOwners.Clear();
        foreach (var owner in owners.Where(owner => owner.Id != Id))
        {
            if (!_observed.TryGetValue(owner.Id, out var seen) || seen.Heartbeat != owner.Heartbeat)
                _observed[owner.Id] = seen = (owner.Heartbeat, now);
            if (owner.IsClosed || clock.GetElapsedTime(seen.SeenAt, now) >= LeaseDuration)
                _deadOwners.Enqueue(owner.Id);
        }

        foreach (var gone in _observed.Keys.Except(owners.Select(owner => owner.Id)).ToList())
            _observed.Remove(gone);
        _hasOthers = owners.Any(owner => owner.Id != Id && !owner.IsClosed);
    }
}
