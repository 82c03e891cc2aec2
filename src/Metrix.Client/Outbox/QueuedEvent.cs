using Metrix.Client.Apps;
using Metrix.Client.Tracking;

namespace Metrix.Client.Outbox;

/// <summary>
/// An event that waits to be delivered: its bytes, and what is needed to tell what became of it.
/// </summary>
internal sealed class QueuedEvent(MetrixApp app, Ledger ledger, string slug, byte[] body, object? source)
{
    private int _hasEnded;
    private int _takesRoom = 1;

    public MetrixApp App { get; } = app;

    /// <summary>The books that it was taken into.</summary>
    public Ledger Ledger { get; } = ledger;

    /// <summary>For messages; it stands in the body too.</summary>
    public string Slug { get; } = slug;

    /// <summary>What is sent, and sent again: the same bytes each time.</summary>
    public byte[] Body { get; } = body;

    /// <summary>The host's own record, kept only while somebody wants it back on failure.</summary>
    public object? Source { get; } = source;

    /// <summary>About how many bytes it takes in memory, with the host's own record.</summary>
    public int Weight { get; init; } = body.Length;

    /// <summary>When it was taken in, in Unix milliseconds. Set by an outbox that outlives the monotonic clock.</summary>
    public long AcceptedAt { get; set; }

    /// <summary>Where a durable outbox has it; 0 for nowhere. Owned by the outbox.</summary>
    public long Row { get; set; }

    /// <summary>Whose that row is. Owned by the outbox.</summary>
    public long Owner { get; set; }

    /// <summary>Whether it is lent out. Owned by the outbox.</summary>
    public bool IsLeased { get; set; }

    /// <summary>When it is given up, in the outbox's own clock. Owned by the outbox.</summary>
    public long ExpiresAt { get; set; }

    /// <summary>How often it was tried. Owned by whoever leases it.</summary>
    public int Attempts { get; set; }

    /// <summary>The flush that waits for it.</summary>
    public FlushGeneration? Generation { get; set; }

    /// <summary>
    /// True for the first who ends it: an answer that comes after it was abandoned changes nothing.
    /// </summary>
    public bool TryEnd() => Interlocked.Exchange(ref _hasEnded, 1) == 0;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => Volatile.Read(ref _hasEnded) == 1;

    /// <summary>True for the first who gives back the room that it took at the door.</summary>
    public bool TryReleaseSlot() => Interlocked.Exchange(ref _takesRoom, 0) == 1;
}
