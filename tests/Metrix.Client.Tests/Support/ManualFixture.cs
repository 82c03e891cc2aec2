using Metrix.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Support;

/// <summary>
/// Runs a client whose requests the test answers, by a clock that the test advances. Each event is sent at once.
/// </summary>
internal sealed class ManualFixture : TestApplication
{
    public ManualFixture(Action<MetrixOptions>? configure = null)
        : base(new Uri("http://127.0.0.1:9"))
    {
        var options = new MetrixOptions();
        Apply(options);
        options.TimeProvider = Clock;
        options.BatchSizeLimit = 1;
        options.RequestTimeout = TimeSpan.FromMinutes(10);
        options.HttpMessageHandlerFactory = () => Handler;
        configure?.Invoke(options);
        Client = new MetrixClient(options);
    }

    public FakeTimeProvider Clock { get; } = new();

    public ManualHandler Handler { get; } = new();

    public MetrixClient Client { get; }

    public void Send(params string[] slugs)
    {
        foreach (var slug in slugs)
            Client.Send(TestData.Event(slug));
    }

    /// <summary>Sends an event and waits for its request, which the test answers.</summary>
    public async Task<ManualHandler.PendingRequest> SendAndTakeAsync(string slug)
    {
        Send(slug);
        return await Handler.NextAsync(slug);
    }

    /// <summary>Sends an event and delivers it.</summary>
    public async Task DeliverAsync(string slug)
    {
        var delivered = Meter.Delivered;
        (await SendAndTakeAsync(slug)).Answer(200);
        await Eventually.TrueAsync(() => Meter.Delivered == delivered + 1);
    }

    /// <summary>Advances the clock until a request starts, and returns it.</summary>
    public async Task<ManualHandler.PendingRequest> AdvanceToRequestAsync()
    {
        await Eventually.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return Handler.HasNext;
        });
        return await Handler.NextAsync();
    }

    protected override async Task CloseFrontEndAsync()
    {
        var closing = Client.DisposeAsync().AsTask();
        await Eventually.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return closing.IsCompleted;
        });
        await closing;
    }
}
