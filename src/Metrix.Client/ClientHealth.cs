using Metrix.Client.Tracking;

namespace Metrix.Client;

/// <summary>
/// How it stands with one app of a client.
/// </summary>
/// <param name="App">The app's name.</param>
/// <param name="Counts">Its books.</param>
/// <param name="IsPaused">Whether its endpoint as a whole fails, and only probes go out.</param>
/// <param name="StalledFor">For how long events wait and none was delivered; zero while none waits.</param>
/// <param name="TimeSinceInvalid">How long ago the last event was invalid, or null when none ever was.</param>
/// <param name="BacklogShare">How much of the room for events is taken, from 0 to 1.</param>
/// <param name="StorageError">What is wrong with the place where events rest, or null.</param>
internal readonly record struct ClientHealth(
    string App, LedgerSnapshot Counts, bool IsPaused, TimeSpan StalledFor, TimeSpan? TimeSinceInvalid, double BacklogShare,
    string? StorageError = null);
