using System.Globalization;
using Metrix.Client;
using Metrix.Client.Configuration;
using Metrix.OpenTelemetry.Exporter;

namespace Metrix.Tool.Checking;

/// <summary>What each setting will do, in a sentence.</summary>
internal static class SettingMeaning
{
    private static readonly Dictionary<string, Func<MetrixOptions, string>> Sentences = new()
    {
        ["AppId"] = _ => "the app in the panel",
        ["DevKey"] = _ => "the secret of the app; it is shown nowhere",
        ["Endpoint"] = o => $"events are posted to {o.Endpoint?.Host}",
        ["Apps"] = o => o.Apps.Count == 0 ? "one app" : $"each event goes to the app that it names, or by its advertising id: {string.Join(", ", o.Apps.Keys)}",
        ["Slugs"] = o => o.Slugs.Count == 0
            ? "only records with metrix.slug or a marker <@slug> are events"
            : string.Join(", ", o.Slugs.Select(pair => $"{pair.Key} is sent as {pair.Value?.Slug}{(pair.Value?.When.Count > 0 ? " under conditions" : "")}")),
        ["Fields"] = o => o.Fields.Count == 0 ? "ids are read from their own names" : string.Join(", ", o.Fields.Select(pair => $"{pair.Key} is read from {pair.Value}")),
        ["Attributes"] = o => o.Attributes.Count == 0 ? "every number is a metric" : "numbers of these names are attributes",
        ["Include"] = o => o.Include.Count == 0 ? "what frameworks add is left out" : "these are sent although frameworks add them",
        ["Exclude"] = o => o.Exclude.Count == 0 ? "all other properties are sent" : "these are not sent",
        ["Redact"] = o => o.Redact.Count == 0 ? "every value leaves as it is" : "values of these names are dropped or hashed",
        ["EventTimeUnit"] = _ => "the unit of eventTime",
        ["Period"] = o => $"a batch goes at least every {Text(o.Period)}",
        ["BatchSizeLimit"] = o => $"or as soon as {Number(o.BatchSizeLimit)} events wait",
        ["QueueLimit"] = o => $"beyond {Number(o.QueueLimit)} events of an app in memory the newest are refused",
        ["OutboxPath"] = o => o.OutboxPath is null ? "events wait in memory, and are lost if the process dies" : "events survive the process in this file; it takes the package Metrix.Client.Sqlite",
        ["OutboxSizeLimit"] = o => $"beyond {Number(o.OutboxSizeLimit >> 20)} MiB of events the newest are refused",
        ["MaxInFlight"] = o => $"at most {Number(o.MaxInFlight)} requests are under way at once",
        ["RequestTimeout"] = o => $"a request is given up after {Text(o.RequestTimeout)}",
        ["RetryTimeLimit"] = o => $"an event is given up after {Text(o.RetryTimeLimit)}",
        ["FlushTimeout"] = o => $"closing waits at most {Text(o.FlushTimeout)}",
        ["UnsampledActivities"] = o => ((MetrixExporterOptions)o).UnsampledActivities switch
        {
            MetrixUnsampledActivities.RecordAll => "activities that the sampler drops are events all the same",
            MetrixUnsampledActivities.RecordMatching => "of activities that the sampler drops, those of the slug map are events",
            _ => "what the sampler drops is no event: revenue is sampled too",
        },
        ["BaggageKeys"] = o => ((MetrixExporterOptions)o).BaggageKeys.Count == 0 ? "no baggage is sent" : "baggage of these keys is sent",
    };

    /// <summary>Every setting of these options, with its value and its meaning.</summary>
    public static IReadOnlyList<CheckedSetting> Of(MetrixOptions options, MetrixOptions defaults, IEnumerable<Setting> own) =>
    [
        .. MetrixSettings.All.Concat(own).Select(setting =>
        {
            var value = Value(setting.Name, setting.Get(options));
            return new CheckedSetting(
                char.ToLowerInvariant(setting.Name[0]) + setting.Name[1..], value, value == Value(setting.Name, setting.Get(defaults)),
                Sentences[setting.Name](options));
        }),
    ];

    private static string Value(string name, object? value) => value switch
    {
        null => "",
        string when name == "DevKey" => "***",
        TimeSpan time => Text(time),
        IDictionary<string, MetrixAppOptions> apps => string.Join(", ", apps.Keys),
        IDictionary<string, MetrixEventRule> slugs => string.Join(", ", slugs.Keys),
        IDictionary<string, string> map => string.Join(", ", map.Keys),
        IDictionary<string, MetrixRedaction> map => string.Join(", ", map.Select(pair => $"{pair.Key}: {pair.Value}")),
        IEnumerable<string> list => string.Join(", ", list),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
