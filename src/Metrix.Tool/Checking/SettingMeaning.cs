using System.Globalization;
using Metrix.Client;
using Metrix.Client.Configuration;
using Metrix.OpenTelemetry.Exporter;

namespace Metrix.Tool.Checking;

/// <summary>Explains what each setting does with its value.</summary>
internal static class SettingMeaning
{
    private static readonly Dictionary<string, Func<MetrixOptions, string>> Meanings = new()
    {
        ["AppId"] = _ => "The app in the panel",
        ["DevKey"] = _ => "The secret of the app; it is never shown",
        ["Endpoint"] = options => $"Events are posted to {options.Endpoint?.Host}",
        ["Apps"] = options => options.Apps.Count == 0
            ? "All events are sent to one app"
            : "Each event is sent to the app that it names, or else by its advertising id: " +
                string.Join(", ", options.Apps.Keys),
        ["Slugs"] = options => options.Slugs.Count == 0
            ? "Only records with metrix.slug or a marker <@slug> are events"
            : string.Join(", ", options.Slugs.Select(Describe)),
        ["Fields"] = options => options.Fields.Count == 0
            ? "Ids are read from their standard names"
            : string.Join(", ", options.Fields.Select(pair => $"{pair.Key} is read from {pair.Value}")),
        ["Attributes"] = options => options.Attributes.Count == 0
            ? "Every number is sent as a metric"
            : "Numbers with these names are sent as attributes",
        ["Include"] = options => options.Include.Count == 0
            ? "Properties that frameworks add are not sent"
            : "These properties are sent although frameworks add them",
        ["Exclude"] = options => options.Exclude.Count == 0
            ? "All other properties are sent"
            : "These properties are not sent",
        ["Redact"] = options => options.Redact.Count == 0
            ? "Values are sent without redaction"
            : "Values with these names are dropped or hashed",
        ["EventTimeUnit"] = _ => "The unit of eventTime",
        ["Period"] = options => $"A batch is sent at least every {Format(options.Period)}",
        ["BatchSizeLimit"] = options => $"A batch is sent as soon as {Format(options.BatchSizeLimit)} events wait",
        ["QueueLimit"] = options =>
            $"New events are dropped while {Format(options.QueueLimit)} events of an app wait in memory",
        ["OutboxPath"] = options => options.OutboxPath is null
            ? "Events wait in memory and are lost if the process crashes"
            : "Events wait in this file and survive a crash; requires the package Metrix.Client.Sqlite",
        ["OutboxSizeLimit"] = options =>
            $"New events are dropped while the file contains {Format(options.OutboxSizeLimit >> 20)} MiB of events",
        ["MaxInFlight"] = options => $"At most {Format(options.MaxInFlight)} requests are in flight at once",
        ["RequestTimeout"] = options => $"A request is canceled after {Format(options.RequestTimeout)}",
        ["RetryTimeLimit"] = options => $"An event expires after {Format(options.RetryTimeLimit)}",
        ["FlushTimeout"] = options => $"Shutdown waits at most {Format(options.FlushTimeout)} for unsent events",
        ["DetectCaptivePortal"] = options => options.DetectCaptivePortal
            ? "A first answer that is a web page pauses delivery"
            : "Every 2xx is a delivery, even a web page",
        ["UnsampledActivities"] = options => ((MetrixExporterOptions)options).UnsampledActivities switch
        {
            MetrixUnsampledActivities.RecordAll => "Activities that the sampler drops are events too",
            MetrixUnsampledActivities.RecordMatching =>
                "Activities that the sampler drops are events only if the slug map contains them",
            _ => "Activities that the sampler drops are not events; revenue is sampled too",
        },
        ["BaggageKeys"] = options => ((MetrixExporterOptions)options).BaggageKeys.Count == 0
            ? "Baggage is not sent"
            : "Baggage with these keys is sent",
    };

    /// <summary>Returns every setting of the options with its value and its meaning.</summary>
    public static IReadOnlyList<CheckedSetting> Of(
        MetrixOptions options, MetrixOptions defaults, IEnumerable<Setting> ownSettings) =>
    [
        .. MetrixSettings.All.Concat(ownSettings).Select(setting =>
        {
            var value = FormatValue(setting.Name, setting.Get(options));
            return new CheckedSetting(
                char.ToLowerInvariant(setting.Name[0]) + setting.Name[1..],
                value,
                value == FormatValue(setting.Name, setting.Get(defaults)),
                Meanings[setting.Name](options));
        }),
    ];

    private static string Describe(KeyValuePair<string, MetrixEventRule> slug)
    {
        var conditions = slug.Value?.When.Count > 0 ? " under conditions" : "";
        return $"{slug.Key} is sent as {slug.Value?.Slug}{conditions}";
    }

    private static string FormatValue(string name, object? value) => value switch
    {
        null => "",
        string when name == "DevKey" => "***",
        TimeSpan time => Format(time),
        IDictionary<string, MetrixAppOptions> apps => string.Join(", ", apps.Keys),
        IDictionary<string, MetrixEventRule> slugs => string.Join(", ", slugs.Keys),
        IDictionary<string, string> map => string.Join(", ", map.Keys),
        IDictionary<string, MetrixRedaction> map =>
            string.Join(", ", map.Select(pair => $"{pair.Key}: {pair.Value}")),
        IEnumerable<string> list => string.Join(", ", list),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Format(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    private static string Format(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
