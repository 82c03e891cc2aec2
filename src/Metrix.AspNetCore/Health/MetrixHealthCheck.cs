using System.Globalization;
using Metrix.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Metrix.AspNetCore.Health;

/// <summary>
/// Looks at every client of the process, the loggers' too: their counts are its data, and no id or value.
/// </summary>
internal sealed class MetrixHealthCheck(MetrixHealthCheckOptions options, Func<IEnumerable<ClientHealth>> read) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var unhealthy = new List<string>();
        var degraded = new List<string>();
        var data = new Dictionary<string, object>();
        foreach (var app in read())
        {
            AddData(data, app);
            var waiting = app.Counts.Pending;
            if (app.StalledFor > options.StalledLimit)
                unhealthy.Add(Text($"\"{app.App}\": {waiting} events wait, and none was delivered for {app.StalledFor.TotalSeconds:F0} s"));
            else if (app.IsPaused)
                degraded.Add(Text($"\"{app.App}\": delivery is paused, {waiting} events wait"));

            if (app.BacklogShare > options.BacklogShare)
                degraded.Add(Text($"\"{app.App}\": {app.BacklogShare:P0} of the room for events is taken"));
            if (app.StorageError is { } trouble)
                degraded.Add($"events are kept in memory only: {trouble}");
            if (app.TimeSinceInvalid < options.InvalidWindow)
                degraded.Add(Text($"\"{app.App}\": {app.Counts.Invalid} events were invalid, the last {app.TimeSinceInvalid.Value.TotalSeconds:F0} s ago"));
        }

        var problems = string.Join("; ", unhealthy.Concat(degraded).Distinct());
        return Task.FromResult(unhealthy.Count > 0 ? new HealthCheckResult(context.Registration.FailureStatus, problems, data: data)
            : degraded.Count > 0 ? HealthCheckResult.Degraded(problems, data: data)
            : HealthCheckResult.Healthy("Events are delivered.", data));
    }

    // Two clients may send for apps of one name.
    private static void AddData(Dictionary<string, object> data, ClientHealth app)
    {
        Add("recognized", app.Counts.Recognized);
        Add("pending", app.Counts.Pending);
        Add("delivered", app.Counts.Delivered);
        Add("rejected", app.Counts.Rejected);
        Add("invalid", app.Counts.Invalid);
        Add("dropped", app.Counts.Dropped);
        Add("expired", app.Counts.Expired);
        Add("abandoned", app.Counts.Abandoned);
        Add("recovered", app.Counts.Recovered);
        Add("kept", app.Counts.Kept);

        void Add(string counter, long value)
        {
            var key = $"{app.App}.{counter}";
            data[key] = data.TryGetValue(key, out var before) ? (long)before + value : value;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
