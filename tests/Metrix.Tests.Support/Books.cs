using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Xunit;

namespace Metrix.Tests.Support;

/// <summary>
/// What the instruments of the meter <c>Metrix.Client</c> say of one app, as any listener sees it. Made before the sink;
/// each test has an app of its own.
/// </summary>
public sealed class Books : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _values = new();
    private readonly ConcurrentDictionary<string, long> _reasons = new();
    private readonly MeterListener _listener = new();

    public Books(params string[] apps)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Metrix.Client")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            string? app = null;
            string? reason = null;
            foreach (var tag in tags)
            {
                if (tag.Key == "metrix.app")
                    app = tag.Value as string;
                else if (tag.Key == "reason")
                    reason = tag.Value as string;
            }

            if (!apps.Contains(app))
                return;

            var name = instrument.Name.Split('.')[^1];
            if (instrument.IsObservable)
                _values[$"{name}/{app}"] = value;
            else
                _values.AddOrUpdate(name, value, (_, sum) => sum + value);
            if (reason is not null)
                _reasons.AddOrUpdate($"{name}/{reason}", value, (_, sum) => sum + value);
        });
        _listener.Start();
    }

    public long Recognised => Value("recognised");

    public long Invalid => Value("invalid");

    public long Dropped => Value("dropped");

    public long Delivered => Value("delivered");

    public long Rejected => Value("rejected");

    public long Expired => Value("expired");

    public long Abandoned => Value("abandoned");

    public long Recovered => Value("recovered");

    public long Kept => Value("kept");

    public long Retries => Value("retries");

    public long LeftOut => Value("left_out");

    public long Pending
    {
        get
        {
            foreach (var key in _values.Keys.Where(key => key.StartsWith("pending/", StringComparison.Ordinal)))
                _values[key] = 0;
            _listener.RecordObservableInstruments();
            return _values.Where(pair => pair.Key.StartsWith("pending/", StringComparison.Ordinal)).Sum(pair => pair.Value);
        }
    }

    public long Of(string counter, string reason) => _reasons.GetValueOrDefault($"{counter}/{reason}");

    /// <summary>Every recognised event is in exactly one state.</summary>
    public void AssertBalanced()
    {
        var states = Pending + Invalid + Dropped + Delivered + Rejected + Expired + Abandoned + Kept;
        Assert.True(
            Recognised + Recovered == states,
            $"recognised {Recognised} + recovered {Recovered} ≠ pending {Pending} + kept {Kept} + invalid {Invalid} + dropped {Dropped} + delivered {Delivered} + " +
            $"rejected {Rejected} + expired {Expired} + abandoned {Abandoned}");
    }

    /// <summary>The books are balanced, and nothing is pending: all has ended.</summary>
    public void AssertClosed()
    {
        AssertBalanced();
        Assert.Equal(0, Pending);
    }

    public void Dispose() => _listener.Dispose();

    private long Value(string name) => _values.GetValueOrDefault(name);
}
