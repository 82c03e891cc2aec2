using System.Globalization;
using System.Security.Cryptography;
using Metrix.Client.Apps;
using Metrix.Client.Sqlite.Storage;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// Who owns which rows, when several processes share a file. Each owner raises its beat; one whose beat stands still for
/// <see cref="LeaseDuration"/>, by the observer's own monotonic clock, is dead, and what it owned is taken over. So no wall clock
/// and no process number counts, and an owner that goes on to live is never robbed.
/// </summary>
/// <remarks>Used by the writer's thread, but for <see cref="IsProven"/>.</remarks>
internal sealed class FileOwnership(string path, TimeProvider clock)
{
    private const int RowsPerClaim = 5_000;

    private readonly Dictionary<long, (long Beat, long SeenAt)> _observed = [];
    private readonly Queue<long> _dead = new();
    private long _lastHeartbeat;
    private volatile bool _hasOthers;

    /// <summary>How long an owner that shows no sign of life keeps its events.</summary>
    public static TimeSpan LeaseDuration { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an owner shows a sign of life.</summary>
    public static TimeSpan HeartbeatInterval { get; } = LeaseDuration / 6;

    public long Id { get; private set; }

    /// <summary>Whether nobody else can take this owner for dead.</summary>
    public bool IsProven => !_hasOthers || clock.GetElapsedTime(Volatile.Read(ref _lastHeartbeat)) < LeaseDuration / 2;

    public bool IsHeartbeatDue => clock.GetElapsedTime(_lastHeartbeat) >= HeartbeatInterval;

    /// <summary>Whether there is something of a dead owner's to take over.</summary>
    public bool HasOrphans => _dead.Count > 0;

    /// <summary>Becomes an owner of an open file, by a new random number.</summary>
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
    /// Shows that this owner lives, and looks at the others. Over a connection that is opened for it, so that a file which was
    /// deleted or replaced is noticed.
    /// </summary>
    /// <returns>False when this owner is not in the file that the path leads to.</returns>
    public bool RenewHeartbeat()
    {
        if (!File.Exists(path))
            return false;

        using var database = OutboxDatabase.OpenExisting(path);
        return RenewHeartbeat(database);
    }

    /// <summary>The same, over an open file.</summary>
    public bool RenewHeartbeat(OutboxDatabase database)
    {
        var before = clock.GetTimestamp();
        if (!database.RenewHeartbeat(Id))
            return false;

        Volatile.Write(ref _lastHeartbeat, before);
        Observe(database);
        return true;
    }

    /// <summary>Takes over some of a dead owner's events, in a transaction.</summary>
    /// <returns>How many, of which apps.</returns>
    public IReadOnlyList<(MetrixApp App, int Count)> ClaimOrphans(OutboxDatabase database, IEnumerable<MetrixApp> apps)
    {
        var dead = _dead.Peek();
        List<(MetrixApp, int)> inherited = [];
        var isEmpty = true;
        foreach (var app in apps)
        {
            var count = database.Claim(dead, Id, app.AppId, RowsPerClaim);
            if (count > 0)
                inherited.Add((app, count));
            isEmpty &= count < RowsPerClaim;
        }

        // What belongs to apps of other clients is left to them.
        if (isEmpty)
        {
            database.Resign(dead);
            _dead.Dequeue();
        }

        return inherited;
    }

    private void Observe(OutboxDatabase database)
    {
        var now = clock.GetTimestamp();
        var owners = database.Owners();
        _dead.Clear();
        foreach (var owner in owners.Where(owner => owner.Id != Id))
        {
            if (!_observed.TryGetValue(owner.Id, out var seen) || seen.Beat != owner.Heartbeat)
                _observed[owner.Id] = seen = (owner.Heartbeat, now);
            if (owner.IsClosed || clock.GetElapsedTime(seen.SeenAt, now) >= LeaseDuration)
                _dead.Enqueue(owner.Id);
        }

        foreach (var gone in _observed.Keys.Except(owners.Select(owner => owner.Id)).ToList())
            _observed.Remove(gone);
        _hasOthers = owners.Any(owner => owner.Id != Id && !owner.IsClosed);
    }
}
