using Metrix.Client.Apps;
using Metrix.Client.Tracking;

namespace Metrix.Client.Outbox;

/// <summary>Holds what an outbox is created with.</summary>
internal sealed record OutboxContext(
    MetrixOptions Options, IReadOnlyCollection<MetrixApp> Apps, EventTracker Tracker, Reporter Reporter);
