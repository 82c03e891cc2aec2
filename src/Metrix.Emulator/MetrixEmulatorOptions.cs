using System.Net;

namespace Metrix.Emulator;

/// <summary>
/// Configures where an emulator listens, which apps and events it knows, and how it answers. The emulator copies the
/// options when it starts.
/// </summary>
public sealed class MetrixEmulatorOptions
{
    /// <summary>
    /// Gets or sets the TCP port, 0 to 65535. The default, 0, selects a free port;
    /// <see cref="MetrixEmulator.Endpoint"/> contains it.
    /// </summary>
    public int Port { get; set; }

    /// <summary>
    /// Gets or sets the address to listen on. The default is <see cref="IPAddress.Loopback"/>. On any other address,
    /// everyone who can reach this machine can send events, read the events of others and set faults.
    /// </summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>
    /// Gets the known apps, as a map from app id to dev-key. Both are case-sensitive. The default, an empty map,
    /// accepts every app id with any key that is not empty.
    /// </summary>
    public IDictionary<string, string> Apps { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Gets the events of the panel, as a map from name to slug, such as <c>Purchase</c> to <c>taqsq</c>. It has the
    /// form of the sink's section <c>Slugs</c>. The page shows the names next to the slugs, and an event with another
    /// slug gets a warning. The default, an empty map, warns of slugs that do not look like those of the panel.
    /// </summary>
    public IDictionary<string, string> Slugs { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Gets the client addresses that may send events, like the allow list in the vendor's panel. Others get the status
    /// 403. The default, an empty set, allows every address. An IPv4 address equals its IPv4-mapped IPv6 form.
    /// </summary>
    public ISet<IPAddress> AllowedAddresses { get; init; } = new HashSet<IPAddress>();

    /// <summary>
    /// Gets or sets a delegate that decides the answer to each in-app event request, valid or not, after the request
    /// was validated. Return <see langword="null"/> to keep the emulator's own answer. The emulator calls the delegate
    /// on several threads at once, so it must be thread-safe and must not block. If it throws, the answer is 500 and
    /// the request is kept as rejected.
    /// </summary>
    /// <remarks>
    /// The status decides how a valid event is kept, before the answer is sent: with 2xx as accepted, even if the
    /// client never receives the answer, and with any other status as rejected. An invalid request is always kept as
    /// rejected.
    /// </remarks>
    public Func<EmulatorRequest, EmulatorResponse?>? Answer { get; set; }

    /// <summary>
    /// Gets or sets the number of accepted events, and of rejected requests, that are kept. At least 1; the default is
    /// 100,000 each. Beyond the limit the oldest is dropped. The counts that you can wait for still include it.
    /// </summary>
    public int Capacity { get; set; } = 100_000;
}
