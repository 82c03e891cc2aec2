using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests.Support;

/// <summary>
/// Runs a client with a durable outbox in a folder. Asserts on closing that the client's ledger is balanced and that no
/// event is pending.
/// </summary>
internal sealed class DurableClientFixture : TestApplication
{
    /// <summary>Starts the client.</summary>
    /// <param name="folder">The folder of the outbox file.</param>
    /// <param name="endpoint">The endpoint to which events are delivered.</param>
    /// <param name="configure">Changes the options. By default, the period is 10 ms.</param>
    public DurableClientFixture(TemporaryFolder folder, Uri endpoint, Action<MetrixOptions>? configure = null)

        // The unique name separates the measurements of parallel tests. The id in the file is always the same.
        : base(endpoint, new Dictionary<string, string> { [TestUser.AppId()] = "app" })
    {
        var options = new MetrixOptions { OutboxPath = folder.File("metrix.db") };
        Apply(options);
        configure?.Invoke(options);
        Client = new MetrixClient(options);
    }

    public MetrixClient Client { get; }

    public static MetrixEvent Event(string slug = "taqsq", int number = 0) => new(slug, TestUser.Identity())
    {
        Properties = new Dictionary<string, object?> { ["Number"] = number },
    };

    public void Send(IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
            Client.Send(Event(number: number));
    }

    protected override async Task CloseFrontEndAsync()
    {
        await Client.DisposeAsync();
        Assert.True(Client.Ledger is { IsBalanced: true, Pending: 0 }, Client.Ledger.ToString());
    }
}
