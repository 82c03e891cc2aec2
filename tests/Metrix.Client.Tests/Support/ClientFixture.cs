using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Support;

/// <summary>
/// Runs a client and the emulator over real sockets. Asserts on closing that the client's ledger is balanced and that
/// no event is pending.
/// </summary>
internal sealed class ClientFixture : TestApplication
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromMinutes(3);

    private ClientFixture(MetrixEmulator emulator, string[] apps, Action<MetrixOptions>? configure)
        : base(emulator, apps)
    {
        var options = new MetrixOptions();
        Apply(options);
        configure?.Invoke(options);
        Client = new MetrixClient(options);
    }

    public MetrixClient Client { get; }

    /// <summary>Starts the client and the emulator for one app with a unique id and a short period.</summary>
    public static Task<ClientFixture> StartAsync(
        Action<MetrixOptions>? configure = null, Func<EmulatorRequest, EmulatorResponse?>? answer = null) =>
        StartAsync([TestUser.AppId()], configure, answer);

    /// <summary>Starts the client and the emulator for these apps. The name of each app is also its id.</summary>
    public static async Task<ClientFixture> StartAsync(
        string[] apps, Action<MetrixOptions>? configure = null, Func<EmulatorRequest, EmulatorResponse?>? answer = null)
    {
        var emulator = await TestEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = apps.ToDictionary(app => app, _ => TestUser.DevKey),
            Answer = answer,
        });
        return new ClientFixture(emulator, apps, configure);
    }

    protected override async Task CloseFrontEndAsync()
    {
        // A test that failed may leave a clock that nobody advances any more. Then only this limit ends the run.
        await Client.DisposeAsync().AsTask().WaitAsync(CloseLimit);
        Assert.True(Client.Ledger is { IsBalanced: true, Pending: 0 }, Client.Ledger.ToString());
    }
}
