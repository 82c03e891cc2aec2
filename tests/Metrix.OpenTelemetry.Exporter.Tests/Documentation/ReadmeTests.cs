using System.Text.RegularExpressions;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Configuration;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Metrix.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Tests.Documentation;

/// <summary>Checks the README against the code.</summary>
public partial class ReadmeTests
{
    [Fact]
    public void The_settings_table_lists_every_exporter_setting_with_its_default()
    {
        var defaults = new MetrixExporterOptions();
        var section = Checkout.Readme[Checkout.Readme.IndexOf("\n## OpenTelemetry", StringComparison.Ordinal)..];
        var documented = SettingRow().Matches(section[..section.IndexOf("\n### ", StringComparison.Ordinal)])
            .Select(row => (row.Groups["name"].Value, row.Groups["default"].Value));

        Assert.Equal(
            ExporterSettings.Own.Select(setting => (
                char.ToLowerInvariant(setting.Name[0]) + setting.Name[1..],
                setting.Get(defaults) is System.Collections.ICollection ? "" : setting.Get(defaults)!.ToString()!)),
            documented);
    }

    [Fact]
    public async Task The_appsettings_of_the_quickstart_deliver_an_event()
    {
        await using var emulator = await TestEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { ["your-app-id"] = "your-dev-key" } });
        using var source = new System.Diagnostics.ActivitySource($"Shop-{Guid.NewGuid():N}");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddJsonFile(Path.Combine(Checkout.Root, "samples", "Quickstart", "appsettings.json"));
        builder.Configuration["Metrix:Endpoint"] = emulator.Endpoint.ToString();
        builder.Services.AddOpenTelemetry().UseMetrix().WithTracing(tracing => tracing.AddSource(source.Name));
        using (var host = builder.Build())
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            foreach (var status in new[] { 200, 400 })
            {
                using var activity = source.StartActivity("POST /checkout")!.WithIdentity();
                activity.SetTag("http.response.status_code", status);
            }
        }

        Assert.Equal("xkcvb", Assert.Single(emulator.Events).EventSlug);
    }

    [GeneratedRegex("""^\| `(?<name>\w+)` \| (?:`(?<default>[^`]*)`)? ?\|""", RegexOptions.Multiline)]
    private static partial Regex SettingRow();
}
