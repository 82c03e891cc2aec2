using System.Collections.Concurrent;
using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests.Support;

/// <summary>
/// Runs a client with a durable outbox in a folder, and records its messages and measurements. Asserts on disposal that
/// the ledger is balanced and that no event is pending.
/// </summary>
internal sealed class DurableClientFixture : IAsyncDisposable
{
    public const string DevKey = "kqzvw-the-secret-dev-key";

    private readonly ConcurrentQueue<string> _messages = new();

    /// <summary>Starts the client.</summary>
    /// <param name="folder">The folder of the outbox file.</param>
    /// <param name="endpoint">The endpoint to which events are delivered.</param>
    /// <param name="configure">Changes the options. By default, the period is 10 ms.</param>
    public DurableClientFixture(TemporaryFolder folder, Uri endpoint, Action<MetrixOptions>? configure = null)
    {
        // The unique name separates the measurements of parallel tests. The id in the file is always the same.
        var name = $"app-{Guid.NewGuid():N}";
        Meter = new MeterRecorder(name);
        var options = new MetrixOptions
        {
            Apps = { [name] = new MetrixAppOptions { AppId = "app", DevKey = DevKey } },
            Endpoint = endpoint,
            OutboxPath = folder.File("metrix.db"),
            Period = TimeSpan.FromMilliseconds(10),
            Diagnostics = _messages.Enqueue,
        };
        configure?.Invoke(options);
        Client = new MetrixClient(options);
    }

    public MetrixClient Client { get; }

    public MeterRecorder Meter { get; }

    public IEnumerable<string> Messages => _messages;

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

    public Task WaitForMessageAsync(string text) => Eventually.ContainsAsync(_messages, text);

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        Assert.True(Client.Ledger is { IsBalanced: true, Pending: 0 }, Client.Ledger.ToString());
        Meter.AssertClosed();
        Meter.Dispose();
        Assert.All(_messages, message => Assert.DoesNotContain(DevKey, message));
    }
}
