using System.Diagnostics;
using System.Text;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.OpenTelemetry.Exporter;
using Metrix.Tests.Support;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Serilog;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Tests that one setting makes the outbox of the sink and of the exporter durable.</summary>
public sealed class FrontEndTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("\"WriteTo\": [ \"Metrix\" ]", true)]
    [InlineData("\"WriteTo\": [ { \"Name\": \"Metrix\", \"Args\": { \"outboxPath\": \"PATH\" } } ]", false)]
    public async Task Serilog_keeps_undelivered_events_in_the_file(string sinks, bool isInSection)
    {
        await using var unresponsive = await AppEmulator.StartUnresponsiveAsync();
        var json = $$"""
            {
              "Serilog": { {{sinks}} },
              "Metrix": {
                "AppId": "app",
                "DevKey": "{{TestUser.DevKey}}",
                "FlushTimeout": "00:00:00.1",
                {{(isInSection ? "\"OutboxPath\": \"PATH\"," : "")}}
                "Endpoint": "{{unresponsive.Endpoint}}"
              }
            }
            """.Replace("PATH", _folder.File("metrix.db"));
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
            .Build();
        await using (var log = new LoggerConfiguration().ReadFrom.Configuration(configuration).CreateLogger())
        {
            log.Information("<@taqsq> {MetrixUserId} {MetrixSessionId} {MetrixIdfa}", "u", "s", "i");
            await Eventually.TrueAsync(() => _folder.Count("events") == 1);
        }

        await using var emulator = await AppEmulator.StartAsync();
        await using (new DurableClientFixture(_folder, emulator.Endpoint))
            await emulator.WaitForAsync(1);
        Assert.Equal("u", emulator.Events[0].MetrixUserId);
    }

    [Fact]
    public async Task OpenTelemetry_keeps_undelivered_events_in_the_file_without_blocking_application_threads()
    {
        using var source = new ActivitySource($"shop-{Guid.NewGuid():N}");
        await using (var unresponsive = await AppEmulator.StartUnresponsiveAsync())
        {
            using var tracing = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddMetrixExporter(options =>
            {
                options.AppId = "app";
                options.DevKey = TestUser.DevKey;
                options.Endpoint = unresponsive.Endpoint;
                options.OutboxPath = _folder.File("metrix.db");
                options.FlushTimeout = TimeSpan.FromMilliseconds(100);
                options.Period = TimeSpan.FromMilliseconds(50);
            }).Build();

            // Activities end while the file is locked: OnEnd only queues the event, and a background thread writes it.
            using (var connection = _folder.Connect())
            {
                connection.Execute("BEGIN EXCLUSIVE");
                for (var number = 0; number < 1_000; number++)
                {
                    using var activity = source.StartActivity("pay")!;
                    activity.SetTag("metrix.slug", "taqsq").SetTag("Number", number).SetTag("metrix.user_id", "u")
                        .SetTag("metrix.session_id", "s").SetTag("metrix.idfa", "i");
                }
            }

            await Eventually.TrueAsync(() => _folder.Count("events") == 1_000);
            tracing.Shutdown(2_000);
        }

        await using var emulator = await AppEmulator.StartAsync();
        await using (var next = new DurableClientFixture(_folder, emulator.Endpoint))
        {
            await emulator.WaitForAsync(1_000);
            Assert.Equal(1_000, next.Meter.Recovered);
        }

        Assert.Equal(Enumerable.Range(0, 1_000), emulator.ReceivedNumbers().Order());
    }

    public void Dispose() => _folder.Dispose();
}
