using System.Collections.Concurrent;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests.Support;

/// <summary>
/// A client with a durable outbox in a folder, and what it says and counts. The books are closed when it ends.
/// </summary>
internal sealed class Durable : IAsyncDisposable
{
    public const string DevKey = "kqzvw-the-secret-dev-key";

    private readonly ConcurrentQueue<string> _said = new();

    /// <param name="folder">Where its file is.</param>
    /// <param name="endpoint">Where it delivers.</param>
    /// <param name="configure">What is not as usual: batches come at once.</param>
    public Durable(TemporaryFolder folder, Uri endpoint, Action<MetrixOptions>? configure = null)
    {
        // The name is the books'; the id in the file is the same for all.
        var name = $"app-{Guid.NewGuid():N}";
        Books = new MeterRecorder(name);
        var options = new MetrixOptions
        {
            Apps = { [name] = new MetrixAppOptions { AppId = "app", DevKey = DevKey } },
            Endpoint = endpoint,
            OutboxPath = folder.File("metrix.db"),
            Period = TimeSpan.FromMilliseconds(10),
            Diagnostics = _said.Enqueue,
        };
        configure?.Invoke(options);
        Client = new MetrixClient(options);
    }

    public MetrixClient Client { get; }

    public MeterRecorder Books { get; }

    public IEnumerable<string> Said => _said;

    public static MetrixEvent Event(string slug = "taqsq", int number = 0) => new(slug, new MetrixIdentity
    {
        MetrixUserId = "the-user",
        MetrixSessionId = "the-session",
        AdvertisingId = "38400000-8cf0-11bd-b23e-10b96e40000d",
    })
    {
        Properties = new Dictionary<string, object?> { ["Number"] = number },
    };

    public void Send(IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
            Client.Send(Event(number: number));
    }

    public Task WhenSaidAsync(string text) => Eventually.ContainsAsync(_said, text);

    public static Task WhenAsync(Func<bool> condition) => Eventually.TrueAsync(condition);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        Assert.True(Client.Ledger is { IsBalanced: true, Pending: 0 }, Client.Ledger.ToString());
        Books.AssertClosed();
        Books.Dispose();
        Assert.All(_said, message => Assert.DoesNotContain(DevKey, message));
    }
}

/// <summary>A server whose answers a test decides.</summary>
internal static class Server
{
    public static Task<MetrixEmulator> StartAsync(Func<EmulatorRequest, EmulatorResponse?>? answer = null) =>
        MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = new Dictionary<string, string> { ["app"] = Durable.DevKey },
            Answer = answer,
        });

    public static EmulatorResponse Silence { get; } = new(200) { NeverAnswer = true };

    public static IEnumerable<int> Numbers(this MetrixEmulator emulator) =>
        emulator.Events.Select(e => (int)e.CustomMetrics["Number"]);
}
