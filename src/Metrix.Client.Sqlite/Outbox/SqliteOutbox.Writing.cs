using Metrix.Client.Apps;
using Metrix.Client.Intake;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Storage;
using Metrix.Client.Tracking;

namespace Metrix.Client.Sqlite.Outbox;

/// <content>What the writer's thread takes from memory, and tells it of the disk.</content>
internal sealed partial class SqliteOutbox
{
    public IEnumerable<MetrixApp> Apps => _counters.Keys;

    /// <summary>Whether somebody waits on his own thread for what is to be written.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_lock)
            {
                return _pending.IsAwaited;
            }
        }
    }

    /// <summary>Takes what is to be written now.</summary>
    public WriteBatch TakeBatch(bool isClosing)
    {
        lock (_lock)
        {
            return _pending.Take(isAll: isClosing);
        }
    }

    /// <summary>Which of the appended events go into memory, and which rest in the file until there is room.</summary>
    public IReadOnlyList<bool> PlanResting(IReadOnlyList<QueuedEvent> appended)
    {
        var rests = new bool[appended.Count];
        var bytes = _window.Size;
        var counts = Apps.ToDictionary(app => app, _window.Count);
        for (var i = 0; i < rests.Length; i++)
        {
            var entry = appended[i];
            rests[i] = bytes + entry.Body.Length > WindowBytes || counts[entry.App] >= WindowLimit;
            if (!rests[i])
            {
                bytes += entry.Body.Length;
                counts[entry.App]++;
            }
        }

        return rests;
    }

    /// <summary>How many events that rest there is room for in the window now.</summary>
    public int LoadCapacity(MetrixApp app)
    {
        lock (_lock)
        {
            return _counters[app].Resting == 0 || _window.Size > WindowBytes ? 0 : (int)Math.Max(0, _lowWater - _window.Count(app));
        }
    }

    /// <summary>What was written is on the disk.</summary>
    public void OnWritten(WriteBatch work, IReadOnlyList<StoredRow> saved, long usedBytes)
    {
        lock (_lock)
        {
            foreach (var mark in work.Finished)
            {
                if (mark.WasLeased)
                    _counters[mark.App].Outstanding--;
            }

            foreach (var (entry, row, isResting) in saved)
            {
                var wasUnsaved = _pending.RemoveUnsaved(entry);
                if (!wasUnsaved)
                    _pending.OnStored(entry);
                if (entry.HasEnded)
                {
                    _pending.AddFinished(new FinishedRow(row, entry.App, WasLeased: false));
                    continue;
                }

                if (isResting)
                {
                    _counters[entry.App].AddResting(row, saved[0].Row, entry.Generation);
                    continue;
                }

                (entry.Row, entry.Owner) = (row, _owner);
                if (!wasUnsaved)
                    _window.TryAppend(entry);
            }

            _usedBytes = usedBytes;
            _storageError = null;
        }

        foreach (var (entry, _, _) in saved)
            _tracker.MarkDurable(entry);
    }

    /// <summary>Nothing was written, and this is how full the file is.</summary>
    public void SetUsedBytes(long usedBytes) => Volatile.Write(ref _usedBytes, usedBytes);

    /// <summary>Takes events that rested into the window.</summary>
    public void AddLoaded(MetrixApp app, IReadOnlyList<StoredEvent> events)
    {
        var clock = _options.TimeProvider;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
        {
            foreach (var stored in events)
            {
                var entry = new QueuedEvent(app, app.Ledger, stored.Slug, stored.Body, source: null)
                {
                    Row = stored.Row,
                    Owner = _owner,
                    AcceptedAt = stored.AcceptedAt,
                    Generation = _counters[app].RemoveResting(stored.Row),
                };
                entry.TryReleaseSlot();

                // However the wall clock was set meanwhile, no event lives longer than the limit from now.
                var age = TimeSpan.FromMilliseconds(Math.Max(0, now - stored.AcceptedAt));
                var left = age < _options.RetryTimeLimit ? _options.RetryTimeLimit - age : TimeSpan.Zero;
                _window.Restore(entry, clock.GetTimestamp() + (long)(left.TotalSeconds * clock.TimestampFrequency));
            }
        }
    }

    /// <summary>The disk is not well: what was to be written goes on in memory, and whoever waits for the disk is told.</summary>
    public void FallBackToMemory(WriteBatch work, string trouble)
    {
        List<QueuedEvent> refused = [];
        lock (_lock)
        {
            _storageError = trouble;
            _pending.Restore(work);
            foreach (var entry in work.Appended)
            {
                _pending.OnStored(entry);
                if (entry.Source is AuditWaiter)
                    refused.Add(entry);
                else if (!entry.HasEnded && _window.TryAppend(entry))
                    _pending.AddUnsaved(entry);
            }
        }

        foreach (var entry in refused)
            _tracker.TryEnd(entry, this, EventState.Dropped, "outbox", _ => $"the event could not be written to the outbox: {trouble}");
    }

    /// <summary>This client is somebody to the file: what it writes is its own.</summary>
    public void SetOwner(long owner)
    {
        lock (_lock)
        {
            _owner = owner;
            _ownersOfFile.Add(owner);
        }
    }

    /// <summary>Rows of an earlier owner are this client's now, and rest.</summary>
    public void AddClaimed(MetrixApp app, int count)
    {
        lock (_lock)
        {
            _counters[app].AddClaimed(count);
        }

        app.Ledger.Recover(count);
    }

    /// <summary>Others took this client for dead, and all its rows over: it lets go of them.</summary>
    public void OnOwnershipLost()
    {
        List<QueuedEvent> lost = [];
        lock (_lock)
        {
            List<QueuedEvent> all = [];
            foreach (var app in Apps)
                _window.TakeAll(app, all);
            foreach (var entry in all)
            {
                if (entry.Row == 0)
                {
                    _window.Release(entry, TimeSpan.Zero);
                    continue;
                }

                _window.Complete(entry);
                lost.Add(entry);
            }
        }

        foreach (var entry in lost)
            _tracker.TransferOwnership(entry);
        ReleaseResting(EventState.Kept, reason: null);
    }

    /// <summary>The file is gone or set aside: what is in memory has to be written anew, and what rested is lost to this client.</summary>
    /// <returns>How many rested.</returns>
    public long OnFileReplaced()
    {
        lock (_lock)
        {
            List<QueuedEvent> all = [];
            foreach (var app in Apps)
                _window.TakeAll(app, all);
            foreach (var entry in all)
            {
                Unsave(entry);
                _window.Release(entry, TimeSpan.Zero);
            }

            foreach (var mark in _pending.Finished)
            {
                if (mark.WasLeased)
                    _counters[mark.App].Outstanding--;
            }

            _pending.ClearFinished();
            _ownersOfFile.Clear();
        }

        return ReleaseResting(EventState.Abandoned, "outbox");
    }

    // Its row was in a file that is not there any more.
    private void Unsave(QueuedEvent entry)
    {
        (entry.Row, entry.Owner) = (0, 0);
        _pending.AddUnsaved(entry);
    }

    private long ReleaseResting(EventState state, string? reason)
    {
        var all = 0L;
        foreach (var (app, account) in _counters)
        {
            long count;
            IReadOnlyList<FlushGeneration> generations;
            lock (_lock)
            {
                (count, generations) = account.Clear();
            }

            if (count > 0)
                app.Ledger.End(state, reason, count);
            foreach (var generation in generations)
                _tracker.Flushes.Leave(generation, isAbandoned: true);
            all += count;
        }

        return all;
    }
}
