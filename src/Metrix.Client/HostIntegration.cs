namespace Metrix.Client;

/// <summary>
/// What a front end brings to the client that it is built on.
/// </summary>
internal sealed record HostIntegration
{
    /// <summary>The names that its frameworks add for their own ends, and which are left out.</summary>
    public IEnumerable<string> NoiseNames { get; init; } = [];

    /// <summary>The host's own channel, where the settings name none.</summary>
    public Action<string>? Report { get; init; }

    /// <summary>Called on each of the client's own flows of execution before it sends, to keep the host from observing it.</summary>
    public Action? OnSendingThread { get; init; }
}
