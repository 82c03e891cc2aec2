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

/// <summary>One setting makes the outbox of either front end durable.</summary>
public sealed class FrontEndTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("\"WriteTo\": [ \"Metrix\" ]", true)]
    [InlineData("\"WriteTo\": [ { \"Name\": \"Metrix\", \"Args\": { \"outboxPath\": \"PATH\" } } ]", false)]
    public async Task Serilog_keeps_in_the_file_what_it_cannot_deliver(string sinks, bool isInSection)
    {
        await using var silent = await Server.StartAsync(_ => Server.Silence);
        var json = $$"""
            { "Serilog": { {{sinks}} }, "Metrix": { "AppId": "app", "DevKey": "{{Durable.DevKey}}", "FlushTimeout": "00:00:00.1",
              {{(isInSection ? "\"OutboxPath\": \"PATH\"," : "")}} "Endpoint": "{{silent.Endpoint}}" } }
            """.Replace("PATH", _folder.File("metrix.db"));
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        await using (var log = new LoggerConfiguration().ReadFrom.Configuration(configuration).CreateLogger())
        {
            log.Information("<@taqsq> {MetrixUserId} {MetrixSessionId} {MetrixIdfa}", "u", "s", "i");
            await Durable.WhenAsync(() => _folder.Count("events") == 1);
        }

        await using var emulator = await Server.StartAsync();
        await using (new Durable(_folder, emulator.Endpoint))
            await emulator.WaitForAsync(1);
        Assert.Equal("u", emulator.Events[0].MetrixUserId);
    }

    [Fact]
    public async Task OpenTelemetry_keeps_in_the_file_what_it_cannot_deliver_and_writes_it_on_no_thread_of_the_application()
    {
        using var source = new ActivitySource($"shop-{Guid.NewGuid():N}");
        await using (var silent = await Server.StartAsync(_ => Server.Silence))
        {
            using var tracing = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddMetrixExporter(options =>
            {
                options.AppId = "app";
                options.DevKey = Durable.DevKey;
                options.Endpoint = silent.Endpoint;
                options.OutboxPath = _folder.File("metrix.db");
                options.FlushTimeout = TimeSpan.FromMilliseconds(100);
                options.Period = TimeSpan.FromMilliseconds(50);
            }).Build();

            // While the file is locked the threads that end activities go on: what OnEnd takes is written by another.
            using (var shell = _folder.Connect())
            {
                using var command = shell.CreateCommand();
                command.CommandText = "BEGIN EXCLUSIVE";
                command.ExecuteNonQuery();
                for (var number = 0; number < 1_000; number++)
                {
                    using var activity = source.StartActivity("pay")!;
                    activity.SetTag("metrix.slug", "taqsq").SetTag("Number", number).SetTag("metrix.user_id", "u")
                        .SetTag("metrix.session_id", "s").SetTag("metrix.idfa", "i");
                }
            }

            await Durable.WhenAsync(() => _folder.Count("events") == 1_000);
            tracing.Shutdown(2_000);
        }

        await using var emulator = await Server.StartAsync();
        await using (var next = new Durable(_folder, emulator.Endpoint))
        {
            await emulator.WaitForAsync(1_000);
            Assert.Equal(1_000, next.Books.Recovered);
        }

        Assert.Equal(Enumerable.Range(0, 1_000), emulator.Numbers().Order());
    }

    public void Dispose() => _folder.Dispose();
}
