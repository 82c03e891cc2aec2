using Metrix.Client.Tracking;

namespace Metrix.Client;

/// <summary>
/// Describes the health of one app of a client.
/// </summary>
/// <param name="App">The app's name.</param>
/// <param name="Counts">The numbers of its ledger.</param>
/// <param name="IsPaused">Whether delivery is paused and only probes are sent.</param>
/// <param name="StalledFor">How long events have waited without a delivery. Zero if none waits.</param>
/// <param name="TimeSinceInvalid">The time since the last invalid event, or null if there was none.</param>
/// <param name="BacklogShare">The share of the room for events that is taken, from 0 to 1.</param>
/// <param name="StorageError">What is wrong with the outbox file, or null.</param>
internal readonly record struct ClientHealth(
    string App,
    LedgerSnapshot Counts,
    bool IsPaused,
    TimeSpan StalledFor,
    TimeSpan? TimeSinceInvalid,
    double BacklogShare,
    string? StorageError = null);
