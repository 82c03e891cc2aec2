using System.Net;

namespace Metrix.Emulator;

/// <summary>How an emulator listens, whom it knows and what it answers. Read once, when the emulator starts.</summary>
public sealed class MetrixEmulatorOptions
{
    /// <summary>
    /// The TCP port, 0 to 65535. The default, 0, takes any free one: <see cref="MetrixEmulator.Endpoint"/> tells which.
    /// </summary>
    public int Port { get; set; }

    /// <summary>
    /// The address to listen on, <see cref="IPAddress.Loopback"/> by default. Any other address lets whoever reaches
    /// this machine send events, read what others sent, and set faults.
    /// </summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>
    /// The apps that are known: app id to dev-key, both case-sensitive. Empty, the default, takes any app id with any
    /// key that is not empty.
    /// </summary>
    public IDictionary<string, string> Apps { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The events that the panel knows: name to slug, such as <c>Purchase</c> to <c>taqsq</c>, as in the sink's section
    /// <c>Slugs</c>. The names are shown beside the slugs, and an event of another slug gets a warning. Empty, the default,
    /// warns of slugs that are not of the panel's shape.
    /// </summary>
    public IDictionary<string, string> Slugs { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The client addresses whose events count, as the list in the vendor's panel; others are answered 403. Empty, the
    /// default, is everyone. An IPv4 address and its IPv4-mapped IPv6 form are the same.
    /// </summary>
    public ISet<IPAddress> AllowedAddresses { get; init; } = new HashSet<IPAddress>();

    /// <summary>
    /// Decides the answer to an in-app event request, valid or not, once it was read and validated;
    /// <see langword="null"/> leaves the emulator's own answer. Called on the server's threads, several at once: it
    /// must be thread-safe and must not block. An exception from it is answered 500 and kept as a rejected request.
    /// </summary>
    /// <remarks>
    /// The status decides what is kept, before the answer goes out: 2xx keeps a valid event as accepted, even when the
    /// client never sees the answer; anything else keeps it as rejected with that status. A request that is not valid
    /// is always kept as rejected.
    /// </remarks>
    public Func<EmulatorRequest, EmulatorResponse?>? Answer { get; set; }

    /// <summary>
    /// How many accepted events are kept, and how many rejected requests; at least 1, by default 100,000 of each.
    /// Beyond it the oldest is dropped; the counts that can be waited for go on.
    /// </summary>
    public int Capacity { get; set; } = 100_000;
}
