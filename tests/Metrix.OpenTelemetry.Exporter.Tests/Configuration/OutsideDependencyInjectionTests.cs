using System.Diagnostics;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Metrix.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Configuration;

/// <summary>Tests providers that an application builds without a host.</summary>
public class OutsideDependencyInjectionTests
{
    [Fact]
    public async Task A_tracer_provider_built_without_a_host_reads_the_given_configuration()
    {
        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
        await using var emulator = await TestEmulator.StartAsync();
        using var source = new ActivitySource($"Shop-{appId}");
        var configuration = Configuration(appId, emulator);
        using (Sdk.CreateTracerProviderBuilder()
                   .ConfigureServices(services => services.AddSingleton(configuration))
                   .AddSource(source.Name).AddMetrixExporter().Build())
        {
            using var activity = source.StartActivity("Purchase")!.WithIdentity();
        }

        Assert.Equal("taqsq", Assert.Single(emulator.Events).EventSlug);
        meter.AssertClosed();
    }

    [Fact]
    public async Task A_logger_factory_built_without_a_host_reads_the_given_configuration()
    {
        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
        await using var emulator = await TestEmulator.StartAsync();
        var configuration = Configuration(appId, emulator);
        using (var logging = LoggerFactory.Create(builder =>
               {
                   builder.Services.AddSingleton(configuration);
                   builder.AddOpenTelemetry(o => o.AddMetrixExporter().IncludeScopes = true);
               }))
        {
            var logger = logging.CreateLogger("Shop");
            using var scope = logger.BeginScope(TestData.IdentityAttributes());
            logger.LogInformation("<@Purchase>");
        }

        Assert.Equal("taqsq", Assert.Single(emulator.Events).EventSlug);
        meter.AssertClosed();
    }

    [Fact]
    public void Invalid_settings_throw_when_the_provider_is_built()
    {
        var builder = Sdk.CreateTracerProviderBuilder().AddMetrixExporter(o => o.AppId = "app");

        Assert.Contains("DevKey is missing", Assert.Throws<ArgumentException>(() => builder.Build()).Message);
        var exception = Assert.Throws<ArgumentException>(() => new MetrixTraceExporter(new()
        {
            AppId = "app",
            DevKey = "key",
            UnsampledActivities = (MetrixUnsampledActivities)7,
        }));
        Assert.Contains("\"unsampledActivities\": \"RecordAll\"", exception.Message);
    }

    [Fact]
    public void Null_arguments_throw()
    {
        Assert.Throws<ArgumentNullException>(() => default(TracerProviderBuilder)!.AddMetrixExporter());
        Assert.Throws<ArgumentNullException>(() => Sdk.CreateTracerProviderBuilder().AddMetrixExporter(null!));
        Assert.Throws<ArgumentNullException>(() => default(LoggerProviderBuilder)!.AddMetrixExporter());
        Assert.Throws<ArgumentNullException>(() => default(OpenTelemetryLoggerOptions)!.AddMetrixExporter());
        Assert.Throws<ArgumentNullException>(() => new OpenTelemetryLoggerOptions().AddMetrixExporter(null!));
        Assert.Throws<ArgumentNullException>(() => default(IOpenTelemetryBuilder)!.UseMetrix());
    }

    private static IConfiguration Configuration(string appId, MetrixEmulator emulator) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Metrix:AppId"] = appId,
            ["Metrix:DevKey"] = Telemetry.DevKey,
            ["Metrix:Endpoint"] = emulator.Endpoint.ToString(),
            ["Metrix:Slugs:Purchase"] = "taqsq",
        }).Build();
}
