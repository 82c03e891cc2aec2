using Metrix.Client.Delivery;
using Metrix.Client.Diagnostics;

namespace Metrix.Client.Outbox;

/// <summary>What an outbox is made with.</summary>
internal sealed record OutboxContext(
    MetrixOptions Options, IReadOnlyCollection<MetrixApp> Apps, Custody Custody, Reporter Reporter);
