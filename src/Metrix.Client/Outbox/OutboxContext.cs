using Metrix.Client.Apps;
using Metrix.Client.Tracking;

namespace Metrix.Client.Outbox;

/// <summary>What an outbox is made with.</summary>
internal sealed record OutboxContext(
    MetrixOptions Options, IReadOnlyCollection<MetrixApp> Apps, EventTracker Custody, Reporter Reporter);
