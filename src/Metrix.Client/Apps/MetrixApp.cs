using System.Text;
using Metrix.Client.Tracking;

namespace Metrix.Client.Apps;

/// <summary>
/// One app that events are delivered for: where to, with which key, and its books.
/// </summary>
internal sealed class MetrixApp(string name, string appId, string devKey, Uri endpoint, TimeProvider? clock = null)
{
    public string Name { get; } = name;

    public string AppId { get; } = appId;

    /// <summary>The dev-key. It goes into one header, and nowhere else.</summary>
    public string DevKey { get; } = devKey;

    /// <summary>The key of hashes that stand for values which must not leave.</summary>
    public byte[] HashKey { get; } = Encoding.UTF8.GetBytes(devKey);

    public Uri Address { get; } = new($"{endpoint.AbsoluteUri.TrimEnd('/')}/inappevent/{Uri.EscapeDataString(appId)}");

    public Ledger Ledger { get; } = new(name, clock);

    public override string ToString() => Name;
}
