using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Metrix.Client.Tracking;
using Xunit;

namespace Metrix.Tests.Support;

/// <summary>
/// Records what the instruments of the meter <c>Metrix.Client</c> report for one or more apps, as any listener sees it.
/// Create it before the client. Use an app id that no other test uses.
/// </summary>
public sealed class MeterRecorder : IDisposable
{
    private readonly ConcurrentDictionary<(string Instrument, string? Outcome, string? Reason), long> _counts = new();
    private readonly ConcurrentDictionary<string, long> _pending = new();
    private readonly MeterListener _listener = new();

    public MeterRecorder(params string[] apps)
    {
        LedgerWatch.Claim(apps);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Instruments.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            string? app = null;
            string? outcome = null;
            string? reason = null;
            foreach (var (key, tag) in tags)
            {
                switch (key)
                {
                    case Instruments.AppTag:
                        app = tag as string;
                        break;
                    case Instruments.OutcomeTag:
                        outcome = tag as string;
                        break;
                    case Instruments.ReasonTag:
                        reason = tag as string;
                        break;
                }
            }

            if (!apps.Contains(app))
                return;

            if (instrument.Name == Instruments.PendingName)
                _pending[app!] = value;
            else
                _counts.AddOrUpdate((instrument.Name, outcome, reason), value, (_, sum) => sum + value);
        });
        _listener.Start();
    }

    public long Recognized => Sum(Instruments.RecognizedName);

    public long Recovered => Sum(Instruments.RecoveredName);

    public long Invalid => Completed(EventState.Invalid);

    public long Dropped => Completed(EventState.Dropped);

    public long Delivered => Completed(EventState.Delivered);

    public long Rejected => Completed(EventState.Rejected);

    public long Expired => Completed(EventState.Expired);

    public long Abandoned => Completed(EventState.Abandoned);

    public long Kept => Completed(EventState.Kept);

    public long Pending
    {
        get
        {
            _pending.Clear();
            _listener.RecordObservableInstruments();
            return _pending.Values.Sum();
        }
    }

    public long Retries(string? reason = null) =>
        _counts
            .Where(pair => pair.Key.Instrument == Instruments.RetriesName)
            .Where(pair => reason is null || pair.Key.Reason == reason)
            .Sum(pair => pair.Value);

    public long Omitted(string reason) => _counts.GetValueOrDefault((Instruments.OmittedName, null, reason));

    public long Completed(string outcome, string reason) =>
        _counts.GetValueOrDefault((Instruments.CompletedName, outcome, reason));

    /// <summary>Asserts that every recognized or recovered event is in exactly one state.</summary>
    public void AssertBalanced()
    {
        var completed = Sum(Instruments.CompletedName);
        var byState = string.Join(", ", Enum.GetValues<EventState>().Select(state => $"{state} {Completed(state)}"));
        Assert.True(
            Recognized + Recovered == Pending + completed,
            $"recognized {Recognized} + recovered {Recovered} ≠ pending {Pending} + completed {completed} ({byState})");
    }

    /// <summary>Asserts that the ledger is balanced and no event is pending.</summary>
    public void AssertClosed()
    {
        AssertBalanced();
        Assert.Equal(0, Pending);
    }

    public void Dispose() => _listener.Dispose();

    private long Completed(EventState state) => _counts
        .Where(pair => pair.Key.Instrument == Instruments.CompletedName && pair.Key.Outcome == TagValue.Of(state))
        .Sum(pair => pair.Value);

    private long Sum(string instrument) =>
        _counts.Where(pair => pair.Key.Instrument == instrument).Sum(pair => pair.Value);
}
