using Metrix.AspNetCore.Health;
using Metrix.Client;
using Metrix.Client.Tracking;
using Metrix.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Metrix.AspNetCore.Tests.Health;

public class HealthCheckTests
{
    private static readonly ClientHealth Well = new(
        "app", new LedgerSnapshot { Recognized = 10, Delivered = 8, Pending = 2 }, IsPaused: false,
        StalledFor: TimeSpan.FromSeconds(1), TimeSinceInvalid: null, BacklogShare: 0.1);

    [Fact]
    public async Task It_is_healthy_while_events_are_delivered()
    {
        var result = await CheckAsync(Well);

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal((10L, 8L, 2L), (result.Data["app.recognized"], result.Data["app.delivered"], result.Data["app.pending"]));
    }

    [Fact]
    public async Task It_is_healthy_without_any_client() => Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);

    [Fact]
    public async Task It_is_degraded_while_an_app_is_paused() =>
        AssertSays(HealthStatus.Degraded, "delivery is paused, 2 events wait", await CheckAsync(Well, Well with { IsPaused = true }));

    [Fact]
    public async Task It_is_degraded_while_the_backlog_is_large()
    {
        AssertSays(HealthStatus.Degraded, "of the room for events is taken", await CheckAsync(Well with { BacklogShare = 0.51 }));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(Well with { BacklogShare = 0.5 })).Status);
    }

    [Fact]
    public async Task It_is_degraded_for_a_while_after_an_invalid_event()
    {
        AssertSays(HealthStatus.Degraded, "events were invalid", await CheckAsync(Well with { TimeSinceInvalid = TimeSpan.FromMinutes(4) }));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(Well with { TimeSinceInvalid = TimeSpan.FromMinutes(5) })).Status);
    }

    [Fact]
    public async Task It_is_unhealthy_when_nothing_is_delivered_while_events_wait()
    {
        AssertSays(
            HealthStatus.Unhealthy, "2 events wait, and none was delivered for 301 s",
            await CheckAsync(Well, Well with { StalledFor = TimeSpan.FromSeconds(301), IsPaused = true }));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(Well with { StalledFor = TimeSpan.FromMinutes(5) })).Status);
    }

    [Fact]
    public async Task Two_clients_of_one_app_are_added_up() =>
        Assert.Equal(16L, (await CheckAsync(Well, Well)).Data["app.delivered"]);

    [Fact]
    public async Task In_a_host_it_sees_the_clients_of_the_process()
    {
        await using var shop = await WebShop.StartAsync(
            builder => builder.Services.AddHealthChecks().AddMetrix(),
            app => app.MapHealthChecks("/health"));
        var appId = $"app-{Guid.NewGuid():N}";
        var paused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var client = new MetrixClient(new MetrixOptions
        {
            AppId = appId,
            DevKey = "secret-key",
            Endpoint = shop.Emulator.Endpoint,
            FlushTimeout = TimeSpan.FromMilliseconds(10),
            Diagnostics = _ => paused.TrySetResult(),
        }))
        {
            // The emulator knows another app alone: it answers 404, and delivery pauses.
            client.Send(new MetrixEvent("taqsq", new MetrixIdentity { MetrixUserId = "secret-id", MetrixSessionId = "s", Idfa = "i" }));
            await paused.Task;
            var report = await shop.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

            var entry = report.Entries["metrix"];
            Assert.NotEqual(HealthStatus.Healthy, entry.Status);
            Assert.Contains($"\"{appId}\": delivery is paused, 1 events wait", entry.Description);
            Assert.Equal(1L, entry.Data[$"{appId}.pending"]);
            Assert.DoesNotContain("secret", entry.Description);
        }
    }

    [Theory]
    [InlineData(0, 5, 5, "BacklogShare")]
    [InlineData(1.1, 5, 5, "BacklogShare")]
    [InlineData(0.5, -1, 5, "InvalidWindow")]
    [InlineData(0.5, 5, 0, "StalledLimit")]
    public void A_limit_out_of_its_range_is_refused(double share, int window, int limit, string named) =>
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => new ServiceCollection().AddHealthChecks().AddMetrix(configure: o =>
        {
            o.BacklogShare = share;
            o.InvalidWindow = TimeSpan.FromMinutes(window);
            o.StalledLimit = TimeSpan.FromMinutes(limit);
        })).Message);

    private static Task<HealthCheckResult> CheckAsync(params ClientHealth[] apps)
    {
        var check = new MetrixHealthCheck(new MetrixHealthCheckOptions(), () => apps);
        return check.CheckHealthAsync(
            new HealthCheckContext { Registration = new HealthCheckRegistration("metrix", check, null, null) },
            TestContext.Current.CancellationToken);
    }

    private static void AssertSays(HealthStatus status, string text, HealthCheckResult result)
    {
        Assert.Equal(status, result.Status);
        Assert.Contains(text, result.Description);
    }
}
