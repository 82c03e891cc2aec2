namespace Metrix.Client;

/// <summary>
/// Describes what a front end, such as the Serilog sink, adds to the client that it is built on.
/// </summary>
internal sealed record HostIntegration
{
    /// <summary>Gets the property names that frameworks add for their own purposes. They are not sent.</summary>
    public IEnumerable<string> NoiseNames { get; init; } = [];

    /// <summary>Gets the host's diagnostic channel, used when the settings name none.</summary>
    public Action<string>? Report { get; init; }

    /// <summary>
    /// Gets a callback that runs on each of the client's own execution flows before it sends. It keeps the host from
    /// observing the client's own requests.
    /// </summary>
    public Action? OnSendingThread { get; init; }

    /// <summary>
    /// Gets a callback that takes the events that the front end holds to the outbox, before a flush or a close waits
    /// for them.
    /// </summary>
    public Action? BeforeFlush { get; init; }

    /// <summary>Gets a callback that releases the front end's resources when the client closes.</summary>
    public Action? OnClosing { get; init; }
}
