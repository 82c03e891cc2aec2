using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Metrix.Client;
using Metrix.Client.Tracking;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>
/// Tests the contract of the meter with dashboards and alerts. All names are literal: changing one breaks its users.
/// </summary>
public class MeterTests
{
    [Fact]
    public async Task The_meter_has_these_instruments_with_these_units_and_tags()
    {
        var instruments = new ConcurrentDictionary<string, (string Kind, string? Unit)>();
        var tagNames = new ConcurrentDictionary<string, ConcurrentDictionary<string, byte>>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, owner) =>
        {
            if (instrument.Meter.Name != "Metrix.Client")
                return;
            instruments[instrument.Name] = (instrument.GetType().Name, instrument.Unit);
            owner.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
        {
            foreach (var tag in tags)
                tagNames.GetOrAdd(instrument.Name, _ => new())[tag.Key] = 0;
        });
        listener.Start();

        await ProduceAllMeasurementsAsync(listener);

        Assert.Equal(
            [
                ("metrix.client.events.completed", "Counter`1", "{event}"),
                ("metrix.client.events.pending", "ObservableUpDownCounter`1", "{event}"),
                ("metrix.client.events.recognized", "Counter`1", "{event}"),
                ("metrix.client.events.recovered", "Counter`1", "{event}"),
                ("metrix.client.identity.ignored", "Counter`1", "{value}"),
                ("metrix.client.retries", "Counter`1", "{retry}"),
                ("metrix.client.values.omitted", "Counter`1", "{value}"),
            ],
            instruments.Select(pair => (pair.Key, pair.Value.Kind, pair.Value.Unit)).Order());
        AssertTags("metrix.client.events.recognized", "metrix.app");
        AssertTags("metrix.client.events.recovered", "metrix.app");
        AssertTags("metrix.client.events.completed", "metrix.app", "metrix.outcome", "metrix.reason");
        AssertTags("metrix.client.events.pending", "metrix.app");
        AssertTags("metrix.client.retries", "metrix.app", "metrix.reason");
        AssertTags("metrix.client.values.omitted", "metrix.app", "metrix.reason");
        AssertTags("metrix.client.identity.ignored", "metrix.field", "metrix.source");

        void AssertTags(string instrument, params string[] expected) =>
            Assert.Equal(expected, tagNames[instrument].Keys.Order(StringComparer.Ordinal));
    }

    private static async Task ProduceAllMeasurementsAsync(MeterListener listener)
    {
        using var folder = new TemporaryFolder();
        await using (var unreachable = CreateClient(new Uri("http://127.0.0.1:9"), folder))
        {
            var purchase = new MetrixEvent("taqsq", TestUser.Identity())
            {
                Properties = { ["text"] = new string('x', 10_000) },
            };
            unreachable.Send(purchase);
            listener.RecordObservableInstruments();
            await Eventually.TrueAsync(() => unreachable.Ledger.Retries > 0);
        }

        // The kept event is recovered and rejected, which has a reason.
        await using var emulator = await TestEmulator.StartAsync(
            new MetrixEmulatorOptions { Answer = _ => new EmulatorResponse(400) });
        await using (var client = CreateClient(emulator.Endpoint, folder))
            await Eventually.TrueAsync(() => client.Ledger.Rejected > 0);

        // Counted by the middleware of Metrix.AspNetCore, which has its own tests.
        Instruments.CountIdentityIgnored("metrixUserId", "header");
    }

    private static MetrixClient CreateClient(Uri endpoint, TemporaryFolder folder) => new(new MetrixOptions
    {
        AppId = "meter-app",
        DevKey = TestUser.DevKey,
        Endpoint = endpoint,
        OutboxPath = folder.File("metrix.db"),
        Period = TimeSpan.FromMilliseconds(10),
        FlushTimeout = TimeSpan.FromMilliseconds(200),
    });
}
