using System.Globalization;
using Metrix.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Metrix.AspNetCore.Health;

/// <summary>
/// Checks every client of the process, including the clients of loggers. The data of the result contains counts, but no
/// ids and no values.
/// </summary>
internal sealed class MetrixHealthCheck(MetrixHealthCheckOptions options, Func<IEnumerable<ClientHealth>> readHealth)
    : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var unhealthy = new List<string>();
        var degraded = new List<string>();
        var data = new Dictionary<string, object>();
        foreach (var app in readHealth())
        {
            AddData(data, app);
            AddProblems(app, unhealthy, degraded);
        }

        var problems = string.Join("; ", unhealthy.Concat(degraded).Distinct());
        return Task.FromResult(
            unhealthy.Count > 0 ? new HealthCheckResult(context.Registration.FailureStatus, problems, data: data)
            : degraded.Count > 0 ? HealthCheckResult.Degraded(problems, data: data)
            : HealthCheckResult.Healthy("Events are delivered.", data));
    }

    private void AddProblems(ClientHealth app, List<string> unhealthy, List<string> degraded)
    {
        var pending = app.Counts.Pending;
        if (app.StalledFor > options.StalledLimit)
        {
            unhealthy.Add(Invariant(
                $"\"{app.App}\": no event was delivered for {app.StalledFor.TotalSeconds:F0} s (pending: {pending})"));
        }
        else if (app.IsPaused)
        {
            degraded.Add(Invariant($"\"{app.App}\": delivery is paused (pending: {pending})"));
        }

        if (app.BacklogShare > options.BacklogShare)
            degraded.Add(Invariant($"\"{app.App}\": {app.BacklogShare:P0} of the queue is in use"));
        if (app.StorageError is { } storageError)
            degraded.Add($"events are kept in memory only: {storageError}");
        if (app.TimeSinceInvalid is { } timeSinceInvalid && timeSinceInvalid < options.InvalidWindow)
        {
            var seconds = timeSinceInvalid.TotalSeconds;
            degraded.Add(Invariant(
                $"\"{app.App}\": events were invalid: {app.Counts.Invalid}, the last {seconds:F0} s ago"));
        }
    }

    // Two clients may have an app of the same name. Their counts are added.
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
            data[key] = data.TryGetValue(key, out var sum) ? (long)sum + value : value;
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
