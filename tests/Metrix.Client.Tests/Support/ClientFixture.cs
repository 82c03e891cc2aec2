using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Support;

/// <summary>
/// Runs a client and the emulator over real sockets. Asserts on disposal that the ledger is balanced and that no event
/// is pending.
/// </summary>
internal sealed class ClientFixture : IAsyncDisposable
{
    private readonly List<string> _messages = [];

    private ClientFixture(MetrixEmulator emulator, MetrixOptions options, MeterRecorder meter)
    {
        Emulator = emulator;
        Meter = meter;
        options.Endpoint = emulator.Endpoint;
        options.Diagnostics = message =>
        {
            lock (_messages)
                _messages.Add(message);
        };
        Client = new MetrixClient(options);
    }

    public MetrixClient Client { get; }

    public MetrixEmulator Emulator { get; }

    public MeterRecorder Meter { get; }

    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_messages)
                return [.. _messages];
        }
    }

    /// <summary>Starts the client and the emulator for one app with a unique id and a short period.</summary>
    public static Task<ClientFixture> StartAsync(
        Action<MetrixOptions>? configure = null, Func<EmulatorRequest, EmulatorResponse?>? answer = null)
    {
        var options = TestData.Options(o => o.Period = TimeSpan.FromMilliseconds(10));
        configure?.Invoke(options);
        return StartAsync(options, answer, options.AppId!);
    }

    /// <summary>Starts the client and the emulator for several apps. The name of each app is also its id.</summary>
    public static Task<ClientFixture> StartAsync(
        string[] apps, Action<MetrixOptions>? configure = null, Func<EmulatorRequest, EmulatorResponse?>? answer = null)
    {
        var options = TestData.OptionsForApps(apps);
        options.Period = TimeSpan.FromMilliseconds(10);
        configure?.Invoke(options);
        return StartAsync(options, answer, apps);
    }

    /// <summary>Closes the client and returns the events that the emulator received.</summary>
    public async Task<IReadOnlyList<EmulatorEvent>> CloseAsync()
    {
        await Client.DisposeAsync();
        return Emulator.Events;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Emulator.DisposeAsync();
        Meter.AssertClosed();
        Assert.True(Client.Ledger is { IsBalanced: true, Pending: 0 }, Client.Ledger.ToString());
        Assert.All(Messages, message => Assert.DoesNotContain(TestData.DevKey, message));
        Meter.Dispose();
    }

    private static async Task<ClientFixture> StartAsync(
        MetrixOptions options, Func<EmulatorRequest, EmulatorResponse?>? answer, params string[] apps)
    {
        var meter = new MeterRecorder(apps);
        var emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = apps.ToDictionary(app => app, _ => TestData.DevKey),
            Answer = answer,
        });
        return new ClientFixture(emulator, options, meter);
    }
}
