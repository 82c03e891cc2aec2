using Metrix.Client.Mapping;
using Metrix.Client.Tracking;

namespace Metrix.Client.Apps;

/// <summary>
/// Holds the configured apps and resolves the app of an event.
/// </summary>
internal sealed class AppDirectory
{
    private const string Unknown = "unknown";

    private readonly Dictionary<string, MetrixApp> _byName;
    private readonly Ledger _unknown = new(Unknown);

    public AppDirectory(MetrixOptions options)
    {
        if (options.Apps.Count == 0)
        {
            // A single app has no name. Its id serves as one.
            All = [Create(options.AppId!, options.AppId!, options.DevKey!)];
        }
        else
        {
            All = [.. options.Apps.Select(pair => Create(pair.Key, pair.Value.AppId!, pair.Value.DevKey!))];
        }

        _byName = All.ToDictionary(app => app.Name, StringComparer.OrdinalIgnoreCase);

        Ledgers = All.Count == 1 ? [All[0].Ledger] : [.. All.Select(app => app.Ledger), _unknown];

        MetrixApp Create(string name, string appId, string devKey) =>
            new(name, appId, devKey, options.Endpoint, options.TimeProvider);
    }

    public IReadOnlyList<MetrixApp> All { get; }

    public IReadOnlyList<Ledger> Ledgers { get; }

    /// <summary>
    /// Returns the app of an event: the named one, else the only one, else the one named after the device's platform.
    /// Returns null if there is none.
    /// </summary>
    public MetrixApp? Find(string? name, bool hasAdvertisingId, bool hasIdfa)
    {
        if (name is not null)
            return _byName.GetValueOrDefault(name);
        if (All.Count == 1)
            return All[0];
        if (hasAdvertisingId == hasIdfa)
            return null;

        return _byName.GetValueOrDefault(hasAdvertisingId ? "android" : "ios");
    }

    public MetrixApp? Find(EventBuilder built) => Find(
        built[EventField.App], built[EventField.AdvertisingId] is not null, built[EventField.Idfa] is not null);

    /// <summary>
    /// Returns the ledger of an event: its app's, or if its app is unknown, that of the only app or of unknown apps.
    /// </summary>
    public Ledger LedgerOf(MetrixApp? app) => app?.Ledger ?? (All.Count == 1 ? All[0].Ledger : _unknown);
}
