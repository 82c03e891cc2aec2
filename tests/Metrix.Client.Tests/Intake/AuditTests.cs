using System.Text;
using Metrix.Client.Intake;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Intake;

/// <summary>Tests calls that wait for their event, with a clock that only the test advances.</summary>
[Collection("Thread pool")]
public class AuditTests
{
    private readonly ShiftableClock _clock = new();

    [Fact]
    public async Task An_audited_call_does_not_make_other_events_due()
    {
        var handler = new ScriptedHandler();
        await using var fixture = await StartAsync(handler);
        fixture.Client.Send(TestData.Event("failing"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => fixture.Client.Ledger.Retries == 1);

        Assert.Null(SendAndWait(fixture.Client, "audited"));
        Assert.Equal(["failing", "audited"], handler.Slugs);
        handler.IsFailing = false;
    }

    [Fact]
    public async Task A_call_whose_event_is_not_delivered_throws_at_the_limit_and_releases_slot_and_bytes()
    {
        var handler = new ScriptedHandler { IsSilent = true };
        await using var fixture = await StartAsync(handler);
        var calling = Task.Run(() => SendAndWait(fixture.Client, "audited"));
        await Eventually.TrueAsync(() => handler.Slugs.Count == 1);
        var ledger = fixture.Client.Apps.All[0].Ledger;
        Assert.Equal(1, ledger.ReservedSlots);

        Assert.Contains("could not be delivered within FlushTimeout", await AdvanceToLimitAsync(calling));
        Assert.Equal((0, 1L, 0L), (ledger.ReservedSlots, ledger.Read().Abandoned, ledger.Read().Pending));
        Assert.Equal(0, Assert.Single(fixture.Client.Health).BacklogShare);

        // The request was canceled, so a handler that was still connecting sends nothing.
        handler.Release();
        Assert.True(await fixture.Client.FlushAsync());
        await fixture.CloseAsync();
        Assert.Equal((1L, 0L), (ledger.Read().Abandoned, ledger.Read().Delivered));
        Assert.Equal(["audited"], handler.Slugs);
        Assert.Empty(fixture.Emulator.Events);
    }

    [Fact]
    public async Task A_delayed_event_is_not_sent_after_its_call_has_thrown()
    {
        var handler = new ScriptedHandler();
        await using var fixture = await StartAsync(handler);
        var calling = Task.Run(() => SendAndWait(fixture.Client, "failing"));
        await Eventually.TrueAsync(() => fixture.Client.Ledger.Retries == 1);
        Assert.NotNull(await AdvanceToLimitAsync(calling));
        var sent = handler.Slugs.Count;
        handler.IsFailing = false;
        _clock.Advance(TimeSpan.FromMinutes(1));

        // With one request at a time, a retry would come first.
        Assert.Null(SendAndWait(fixture.Client, "later"));
        Assert.Equal(["later"], handler.Slugs.Skip(sent));
    }

    [Fact]
    public async Task An_event_that_waits_for_a_request_is_not_sent_after_its_call_has_thrown()
    {
        var handler = new ScriptedHandler { IsSilent = true };
        await using var fixture = await StartAsync(handler);
        fixture.Client.Send(TestData.Event("blocking"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => handler.Slugs.Count == 1);
        var calling = Task.Run(() => SendAndWait(fixture.Client, "audited"));
        await Eventually.TrueAsync(() => fixture.Client.Ledger.Pending == 2);
        Assert.NotNull(await AdvanceToLimitAsync(calling));
        handler.IsSilent = false;
        handler.Release();

        Assert.Null(SendAndWait(fixture.Client, "later"));
        Assert.Equal(["blocking", "later"], handler.Slugs);
    }

    [Fact]
    public async Task A_rejected_event_is_described_to_its_caller()
    {
        await using var fixture = await StartAsync(new ScriptedHandler());

        Assert.Contains("rejected an event with the slug \"rejected\"", SendAndWait(fixture.Client, "rejected"));
    }

    // The call may begin to wait only after its request was sent.
    private async Task<string?> AdvanceToLimitAsync(Task<string?> calling)
    {
        await Eventually.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return calling.IsCompleted;
        });
        return await calling;
    }

    private static string? SendAndWait(MetrixClient client, string slug) =>
        client.AcceptAndWait(slug, Read, new BuilderPool(client.Rules));

    private static void Read(string slug, EventBuilder builder)
    {
        builder.Start(slug, TestData.Time);
        builder.WithUser();
    }

    private async Task<ClientFixture> StartAsync(ScriptedHandler handler)
    {
        var fixture = await ClientFixture.StartAsync(o =>
        {
            o.TimeProvider = _clock;
            o.Period = TimeSpan.FromSeconds(1);
            o.MaxInFlight = 1;
            o.HttpMessageHandlerFactory = () => handler;
        });
        fixture.Client.Tracker.Failures.Listener = static (waiter, _, message) =>
        {
            if (waiter is AuditWaiter audited)
                audited.Fail(message);
        };
        return fixture;
    }

    /// <summary>
    /// Answers by the slug of the event: 503 to "failing" and 400 to "rejected". Sends all others to the emulator.
    /// </summary>
    private sealed class ScriptedHandler() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<string> _slugs = [];

        public bool IsFailing { get; set; } = true;

        /// <summary>Gets or sets whether answers wait for <see cref="Release"/>, also when they are canceled.</summary>
        public bool IsSilent { get; set; }

        public IReadOnlyList<string> Slugs
        {
            get
            {
                lock (_slugs)
                {
                    return [.. _slugs];
                }
            }
        }

        public void Release() => _released.SetResult();

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = Encoding.UTF8.GetString(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            var slug = body.Split("\"eventSlug\":\"")[1].Split('"')[0];
            lock (_slugs)
            {
                _slugs.Add(slug);
            }

            if (IsSilent)
                await _released.Task;
            return slug switch
            {
                "failing" when IsFailing => new HttpResponseMessage(System.Net.HttpStatusCode.ServiceUnavailable),
                "rejected" => new HttpResponseMessage(System.Net.HttpStatusCode.BadRequest),
                _ => await base.SendAsync(request, cancellationToken),
            };
        }
    }
}
