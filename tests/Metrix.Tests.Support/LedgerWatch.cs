using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Metrix.Client;
using Metrix.Client.Apps;
using Metrix.Client.Tracking;
using Xunit;

namespace Metrix.Tests.Support;

/// <summary>
/// Finds the ledger of every client that a test opens, and verifies it after the test. Listens to the meter, because
/// nothing else sees the clients that loggers and providers create.
/// </summary>
/// <remarks>
/// Tests run in parallel. A ledger belongs to the test in whose context its first event is counted. If that thread has
/// no test context, as in a web server, it belongs to the test that recorded the app with a
/// <see cref="MeterRecorder"/>.
/// </remarks>
internal static class LedgerWatch
{
    // An event that a thread emits after the close is pending for an instant.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(5);

    private static readonly string[] EnteringInstruments = [Instruments.RecognizedName, Instruments.RecoveredName];

    private static readonly ConcurrentDictionary<Ledger, Watched> Ledgers = new();
    private static readonly ConcurrentDictionary<string, Sums> MeterSums = new();
    private static readonly ConcurrentDictionary<string, Owner> Claims = new();
    private static readonly ConcurrentDictionary<(Uri Address, string AppId), long> Delivered = new();
    private static readonly MeterListener Listener = Listen();

    /// <summary>
    /// Starts to listen, unless that was done before. Lets the clients of the process close independently of each
    /// other: tests run in parallel, and would otherwise share the deadline of a shutdown.
    /// </summary>
    public static void Start()
    {
        _ = Listener;
        ProcessDeadline.Of(TimeProvider.System).IsShared = false;
    }

    /// <summary>Records that apps belong to the current test.</summary>
    /// <param name="apps">The names of the apps.</param>
    public static void Claim(IEnumerable<string> apps)
    {
        if (Owner.Current() is not { } owner)
            return;

        foreach (var app in apps)
            Claims[app] = owner;
    }

    /// <summary>
    /// Verifies the ledgers of a test whose clients are closed. A client that the test class closes only when it is
    /// disposed is verified after a later test, under the name of the test that opened it.
    /// </summary>
    /// <returns>What is wrong.</returns>
    public static IReadOnlyList<string> Verify(string testId)
    {
        var problems = new List<string>();
        foreach (var (ledger, watched) in Ledgers)
        {
            if (watched.Owner?.TestId == testId)
                watched.HasTestEnded = true;
            var isDue = watched.HasTestEnded || watched.Owner is null;
            if (isDue && !ClientRegistry.All.Contains(watched.Client) && Ledgers.TryRemove(ledger, out _))
                problems.AddRange(Problems(ledger, watched).Select(problem => $"{watched.TestName}: {problem}"));
        }

        return problems;
    }

    private static IEnumerable<string> Problems(Ledger ledger, Watched watched)
    {
        SpinWait.SpinUntil(() => ledger.Read().Pending == 0, SettlingTime);
        var snapshot = ledger.Read();
        if (snapshot is not { IsBalanced: true, Pending: 0 })
            yield return $"the client is closed, but the ledger of the app \"{ledger.App}\" is open: {snapshot}";

        // The counters of two clients with apps of the same name are one. They must be equal when both are closed.
        if (MeterSums.TryGetValue(ledger.App, out var sums) && !IsInUse(ledger.App) && !sums.AreEqual(out var text))
        {
            MeterSums.TryRemove(ledger.App, out _);
            yield return $"the client is closed, but the counters of the app \"{ledger.App}\" are unequal: {text}";
        }

        if (watched.App is { } app)
        {
            var delivered = Delivered.AddOrUpdate(
                (app.Address, app.AppId), snapshot.Delivered, (_, sum) => sum + snapshot.Delivered);

            // The server may have more, because delivery is at least once.
            if (TestEmulator.CountAccepted(app.Address, app.AppId) is { } accepted && accepted < delivered)
            {
                yield return $"the app \"{ledger.App}\" delivered {delivered} events, "
                    + $"but the emulator accepted only {accepted}";
            }
        }
    }

    private static bool IsInUse(string app) =>
        Ledgers.Keys.Any(ledger => ledger.App == app)
        || ClientRegistry.All.Any(client => client.Apps.Ledgers.Any(ledger => ledger.App == app));

    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is Counter<long> { Meter.Name: Instruments.MeterName, Unit: "{event}" })
                    listener.EnableMeasurementEvents(instrument, EnteringInstruments.Contains(instrument.Name));
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, isEntering) =>
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: Instruments.AppTag, Value: string app })
                    Count(app, value, isEntering is true);
            }
        });
        listener.Start();
        return listener;
    }

    private static void Count(string app, long value, bool isEntering)
    {
        MeterSums.GetOrAdd(app, _ => new Sums()).Add(value, isEntering);
        foreach (var client in ClientRegistry.All)
        {
            foreach (var ledger in client.Apps.Ledgers)
            {
                if (ledger.App == app && !Ledgers.ContainsKey(ledger))
                    Ledgers.TryAdd(ledger, Watch(ledger, client));
            }
        }
    }

    private static Watched Watch(Ledger ledger, MetrixClient client) => new(
        client,
        client.Apps.All.FirstOrDefault(app => app.Ledger == ledger),
        Owner.Current() ?? Claims.GetValueOrDefault(ledger.App));

    /// <summary>Identifies the test that opened a client.</summary>
    private sealed record Owner(string TestId, string TestName)
    {
        public static Owner? Current() =>
            TestContext.Current.Test is { } test ? new Owner(test.UniqueID, test.TestDisplayName) : null;
    }

    private sealed class Watched(MetrixClient client, MetrixApp? app, Owner? owner)
    {
        public MetrixClient Client { get; } = client;

        /// <summary>Gets the app, or null for the ledger of events without a known app.</summary>
        public MetrixApp? App { get; } = app;

        public Owner? Owner { get; } = owner;

        public string TestName => Owner?.TestName ?? "A test without a context on the thread that emitted";

        public bool HasTestEnded { get; set; }
    }

    /// <summary>Sums what the counters of an app report.</summary>
    private sealed class Sums
    {
        private long _entered;
        private long _ended;

        public void Add(long value, bool isEntering) =>
            Interlocked.Add(ref isEntering ? ref _entered : ref _ended, value);

        public bool AreEqual(out string text)
        {
            // The ledger counts an event before its counters do.
            SpinWait.SpinUntil(() => Volatile.Read(ref _entered) == Volatile.Read(ref _ended), SettlingTime);
            var (entered, ended) = (Volatile.Read(ref _entered), Volatile.Read(ref _ended));
            text = $"{entered} events were recognized or recovered, and {ended} ended";
            return entered == ended;
        }
    }
}
