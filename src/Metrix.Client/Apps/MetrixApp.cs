using System.Text;
using Metrix.Client.Tracking;

namespace Metrix.Client.Apps;

/// <summary>
/// Represents one app that events are delivered for: its address, its key and its ledger.
/// </summary>
internal sealed class MetrixApp(string name, string appId, string devKey, Uri endpoint, TimeProvider? clock = null)
{
    public string Name { get; } = name;

    public string AppId { get; } = appId;

    /// <summary>Gets the dev key. It is written to one request header and nowhere else.</summary>
    public string DevKey { get; } = devKey;

    /// <summary>Gets the key of the hashes that replace redacted values.</summary>
    public byte[] HashKey { get; } = Encoding.UTF8.GetBytes(devKey);

    public Uri Address { get; } =
        new($"{endpoint.AbsoluteUri.TrimEnd('/')}/inappevent/{Uri.EscapeDataString(appId)}");

    public Ledger Ledger { get; } = new(name, clock);

    public override string ToString() => Name;
}
