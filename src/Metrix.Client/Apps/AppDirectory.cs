using Metrix.Client.Mapping;
using Metrix.Client.Tracking;

namespace Metrix.Client.Apps;

/// <summary>
/// The apps of the settings, and which of them an event belongs to.
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
            // The only app has no name of its own.
            All = [new MetrixApp(options.AppId!, options.AppId!, options.DevKey!, options.Endpoint, options.TimeProvider)];
        }
        else
        {
            All = [.. options.Apps.Select(pair => new MetrixApp(
                pair.Key, pair.Value.AppId!, pair.Value.DevKey!, options.Endpoint, options.TimeProvider))];
        }

        _byName = All.ToDictionary(app => app.Name, StringComparer.OrdinalIgnoreCase);

        Ledgers = All.Count == 1 ? [All[0].Ledger] : [.. All.Select(app => app.Ledger), _unknown];
    }

    public IReadOnlyList<MetrixApp> All { get; }

    public IReadOnlyList<Ledger> Ledgers { get; }

    /// <summary>
    /// The app that an event belongs to, or null: the one that is named, else the only one, else the one that is named
    /// after the device's platform.
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
    /// The books that an event is in: those of its app; of the only app, when there is one; else those of events that
    /// belong to none.
    /// </summary>
    public Ledger LedgerOf(MetrixApp? app) => app?.Ledger ?? (All.Count == 1 ? All[0].Ledger : _unknown);
}
