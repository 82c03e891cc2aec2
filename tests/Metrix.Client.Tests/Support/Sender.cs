using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Support;

/// <summary>
/// A client and the emulator, over real sockets. The books are closed when it ends, whatever the test was of.
/// </summary>
internal sealed class Sender : IAsyncDisposable
{
    private readonly List<string> _said = [];

    private Sender(MetrixEmulator emulator, MetrixOptions options, MeterRecorder books)
    {
        Emulator = emulator;
        Books = books;
        options.Endpoint = emulator.Endpoint;
        options.Diagnostics = message =>
        {
            lock (_said)
                _said.Add(message);
        };
        Client = new MetrixClient(options);
    }

    public MetrixClient Client { get; }

    public MetrixEmulator Emulator { get; }

    public MeterRecorder Books { get; }

    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_said)
                return [.. _said];
        }
    }

    /// <summary>Starts both for one app, whose id no other test has; batches come at once.</summary>
    public static Task<Sender> StartAsync(
        Action<MetrixOptions>? configure = null, Func<EmulatorRequest, EmulatorResponse?>? answer = null)
    {
        var options = TestData.Options(o => o.Period = TimeSpan.FromMilliseconds(10));
        configure?.Invoke(options);
        return StartAsync(options, answer, options.AppId!);
    }

    /// <summary>Starts both for several apps, whose names are their ids.</summary>
    public static Task<Sender> StartAsync(
        string[] apps, Action<MetrixOptions>? configure = null, Func<EmulatorRequest, EmulatorResponse?>? answer = null)
    {
        var options = TestData.OptionsOf(apps);
        options.Period = TimeSpan.FromMilliseconds(10);
        configure?.Invoke(options);
        return StartAsync(options, answer, apps);
    }

    /// <summary>Closes the client, as an application does at its end, and returns what arrived.</summary>
    public async Task<IReadOnlyList<EmulatorEvent>> CloseAsync()
    {
        await Client.DisposeAsync();
        return Emulator.Events;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Emulator.DisposeAsync();
        Books.AssertClosed();
        Assert.True(Client.Ledger is { IsBalanced: true, Pending: 0 }, Client.Ledger.ToString());
        Assert.All(Said, message => Assert.DoesNotContain(TestData.DevKey, message));
        Books.Dispose();
    }

    private static async Task<Sender> StartAsync(
        MetrixOptions options, Func<EmulatorRequest, EmulatorResponse?>? answer, params string[] apps)
    {
        var books = new MeterRecorder(apps);
        var emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = apps.ToDictionary(app => app, _ => TestData.DevKey),
            Answer = answer,
        });
        return new Sender(emulator, options, books);
    }
}
