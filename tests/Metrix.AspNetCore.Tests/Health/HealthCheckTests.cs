using Metrix.AspNetCore.Health;
using Metrix.Client;
using Metrix.Client.Tracking;
using Metrix.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Metrix.AspNetCore.Tests.Health;

/// <summary>Tests the status, the description and the data of the health check.</summary>
public class HealthCheckTests
{
    private static readonly ClientHealth HealthyApp = new(
        "app", new LedgerSnapshot { Recognized = 10, Delivered = 8, Pending = 2 }, IsPaused: false,
        StalledFor: TimeSpan.FromSeconds(1), TimeSinceInvalid: null, BacklogShare: 0.1);

    [Fact]
    public async Task The_check_is_healthy_while_events_are_delivered()
    {
        var result = await CheckAsync(HealthyApp);

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal(
            (10L, 8L, 2L),
            (result.Data["app.recognized"], result.Data["app.delivered"], result.Data["app.pending"]));
    }

    [Fact]
    public async Task The_check_is_healthy_without_a_client() =>
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);

    [Fact]
    public async Task The_check_is_degraded_while_delivery_is_paused() =>
        AssertResult(
            HealthStatus.Degraded,
            "delivery is paused (pending: 2)",
            await CheckAsync(HealthyApp, HealthyApp with { IsPaused = true }));

    [Fact]
    public async Task The_check_is_degraded_while_the_backlog_is_large()
    {
        AssertResult(
            HealthStatus.Degraded,
            "of the queue is in use",
            await CheckAsync(HealthyApp with { BacklogShare = 0.51 }));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(HealthyApp with { BacklogShare = 0.5 })).Status);
    }

    [Fact]
    public async Task The_check_is_degraded_within_the_window_after_an_invalid_event()
    {
        AssertResult(
            HealthStatus.Degraded,
            "events were invalid",
            await CheckAsync(HealthyApp with { TimeSinceInvalid = TimeSpan.FromMinutes(4) }));
        var result = await CheckAsync(HealthyApp with { TimeSinceInvalid = TimeSpan.FromMinutes(5) });
        Assert.Equal(HealthStatus.Healthy, result.Status);
    }

    [Fact]
    public async Task The_check_is_unhealthy_when_pending_events_are_not_delivered()
    {
        AssertResult(
            HealthStatus.Unhealthy,
            "no event was delivered for 301 s (pending: 2)",
            await CheckAsync(HealthyApp, HealthyApp with { StalledFor = TimeSpan.FromSeconds(301), IsPaused = true }));
        var result = await CheckAsync(HealthyApp with { StalledFor = TimeSpan.FromMinutes(5) });
        Assert.Equal(HealthStatus.Healthy, result.Status);
    }

    [Fact]
    public async Task The_counts_of_two_clients_with_one_app_are_added() =>
        Assert.Equal(16L, (await CheckAsync(HealthyApp, HealthyApp)).Data["app.delivered"]);

    [Fact]
    public async Task The_check_reports_every_client_of_the_process()
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
            // The emulator does not know this app. It answers 404, and the client pauses delivery.
            client.Send(new MetrixEvent(
                "taqsq", new MetrixIdentity { MetrixUserId = "secret-id", MetrixSessionId = "s", Idfa = "i" }));
            await paused.Task;
            var service = shop.Services.GetRequiredService<HealthCheckService>();
            var report = await service.CheckHealthAsync(TestContext.Current.CancellationToken);

            var entry = report.Entries["metrix"];
            Assert.NotEqual(HealthStatus.Healthy, entry.Status);
            Assert.Contains($"\"{appId}\": delivery is paused (pending: 1)", entry.Description);
            Assert.Equal(1L, entry.Data[$"{appId}.pending"]);
            Assert.DoesNotContain("secret", entry.Description);
        }
    }

    [Theory]
    [InlineData(0, 5, 5, "BacklogShare")]
    [InlineData(1.1, 5, 5, "BacklogShare")]
    [InlineData(0.5, -1, 5, "InvalidWindow")]
    [InlineData(0.5, 5, 0, "StalledLimit")]
    public void A_limit_out_of_its_range_throws(
        double backlogShare, int invalidWindowMinutes, int stalledLimitMinutes, string expectedName)
    {
        var builder = new ServiceCollection().AddHealthChecks();
        var exception = Assert.Throws<ArgumentException>(() => builder.AddMetrix(configure: o =>
        {
            o.BacklogShare = backlogShare;
            o.InvalidWindow = TimeSpan.FromMinutes(invalidWindowMinutes);
            o.StalledLimit = TimeSpan.FromMinutes(stalledLimitMinutes);
        }));
        Assert.Contains(expectedName, exception.Message);
    }

    private static Task<HealthCheckResult> CheckAsync(params ClientHealth[] apps)
    {
        var check = new MetrixHealthCheck(new MetrixHealthCheckOptions(), () => apps);
        return check.CheckHealthAsync(
            new HealthCheckContext { Registration = new HealthCheckRegistration("metrix", check, null, null) },
            TestContext.Current.CancellationToken);
    }

    private static void AssertResult(HealthStatus status, string text, HealthCheckResult result)
    {
        Assert.Equal(status, result.Status);
        Assert.Contains(text, result.Description);
    }
}
