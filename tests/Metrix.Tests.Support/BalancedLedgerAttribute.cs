using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using Metrix.Client;
using Metrix.Client.Tracking;
using Xunit;
using Xunit.v3;

namespace Metrix.Tests.Support;

/// <summary>
/// After every test: of each app whose clients are all closed, every event that was recognised or recovered has ended, once. Set
/// for all test projects; whoever ends an event twice, or forgets one, breaks the test that did it.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class BalancedLedgerAttribute : BeforeAfterTestAttribute
{
    private static readonly string[] Entered = [Instruments.RecognizedName, Instruments.RecoveredName];

    private static readonly ConcurrentDictionary<string, Sums> Apps = new();

    private static readonly MeterListener Listener = Listen();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        // The listener is made with the first test.
        _ = Listener;
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        foreach (var (app, sums) in Apps)
        {
            if (!sums.AreOfAClient || IsOpen(app))
                continue;

            var (entered, ended) = sums.Read();
            if (entered != ended && !IsOpen(app) && sums.Read() == (entered, ended) && Apps.TryRemove(app, out _))
                Assert.Fail($"The app {app} is closed. {entered} events were taken in, and {ended} ended.");
        }
    }

    private static bool IsOpen(string app) =>
        ClientRegistry.All.Any(client => client.Apps.Ledgers.Any(ledger => ledger.App == app));

    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Instruments.MeterName && instrument is Counter<long> && instrument.Unit == "{event}")
                    listener.EnableMeasurementEvents(instrument, Entered.Contains(instrument.Name));
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, hasEntered) =>
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "metrix.app", Value: string app })
                    Apps.GetOrAdd(app, _ => new Sums(IsOpen(app))).Add(hasEntered is true, value);
            }
        });
        listener.Start();
        return listener;
    }

    private sealed class Sums(bool areOfAClient)
    {
        /// <summary>Else they are of a test of the books themselves.</summary>
        public bool AreOfAClient => areOfAClient;

        private readonly object _lock = new();
        private (long Entered, long Ended) _sums;

        public void Add(bool hasEntered, long value)
        {
            lock (_lock)
            {
                if (hasEntered)
                    _sums.Entered += value;
                else
                    _sums.Ended += value;
            }
        }

        public (long Entered, long Ended) Read()
        {
            lock (_lock)
            {
                return _sums;
            }
        }
    }
}
