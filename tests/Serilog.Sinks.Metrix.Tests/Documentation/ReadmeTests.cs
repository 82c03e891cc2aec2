using System.Globalization;
using System.Text.RegularExpressions;
using Metrix.Client.Configuration;
using Metrix.Client.Mapping;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Core;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Documentation;

/// <summary>What the README says is what is so.</summary>
public partial class ReadmeTests
{
    private static readonly string Readme = Checkout.Readme;

    [Fact]
    public void The_table_of_settings_has_every_setting_with_its_real_default()
    {
        var defaults = new MetrixSinkOptions();
        var real = MetrixSettings.All
            .Select(setting => (Name: Camel(setting.Name), Default: Text(setting.Get(defaults))))
            .Append(("restrictedToMinimumLevel", defaults.RestrictedToMinimumLevel.ToString()))
            .Append(("levelSwitch", Text(defaults.LevelSwitch)));

        var section = Readme[Readme.IndexOf("\n## Settings", StringComparison.Ordinal)..];
        var said = SettingRow().Matches(section[..section.IndexOf("\n## OpenTelemetry", StringComparison.Ordinal)])
            .Select(row => (row.Groups["name"].Value, row.Groups["default"].Value));

        Assert.Equal(real, said);
    }

    [Fact]
    public void The_arguments_of_both_methods_are_the_settings()
    {
        var settings = MetrixSettings.All.Select(setting => Camel(setting.Name))
            .Concat(["restrictedToMinimumLevel", "levelSwitch"]).ToHashSet();
        foreach (var method in typeof(MetrixLoggerConfigurationExtensions).GetMethods().Where(m => m.GetParameters().Length > 2))
        {
            var parameters = method.GetParameters().Skip(1).Select(p => p.Name!)
                .Where(name => name is not ("configuration" or "appConfiguration"));
            Assert.Equal(settings.Order(), parameters.Order());
        }
    }

    [Fact]
    public void Its_appsettings_are_those_of_the_quickstart() => Assert.Contains(
        Checkout.Read("samples", "Quickstart", "appsettings.json"), Readme);

    [Fact]
    public async Task Its_appsettings_work()
    {
        await using var emulator = await MetrixEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { ["your-app-id"] = "your-dev-key" } });
        var configuration = AppSettings.From(
            Checkout.Read("samples", "Quickstart", "appsettings.json"),
            ("Metrix:Endpoint", emulator.Endpoint.ToString()));
        await using (var logger = new LoggerConfiguration().ReadFrom.Configuration(configuration).CreateLogger())
            logger.ForContext(TestData.Identity).Information("{@Purchase}", new { OrderId = 12345, Amount = 130.5 });

        var paid = Assert.Single(emulator.Events);
        Assert.Equal(("taqsq", "12345", 130.5), (paid.EventSlug, paid.CustomAttributes["OrderId"], paid.CustomMetrics["Amount"]));
    }

    [Fact]
    public void The_names_of_the_fields_are_those_that_are_read()
    {
        var none = new Dictionary<string, string>();
        foreach (var (key, field) in FieldNames.FieldKeys.Zip(Enum.GetValues<EventField>()))
            Assert.Contains($"| `{key}` | {string.Join(" | ", FieldNames.NamesOf(field, none).Select(name => $"`{name}`"))} |", Readme);
    }

    [Fact]
    public void What_is_left_out_is_named() => Assert.All(
        PropertyFilter.LoggingNoise.Where(name => name != "{OriginalFormat}"), name => Assert.Contains($"`{name}`", Readme));

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Text(object? value) => value switch
    {
        null or System.Collections.ICollection { Count: 0 } => "",
        Uri uri => uri.OriginalString,
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex("""^\| `(?<name>\w+)` \| (?:`(?<default>[^`]*)`)? ?\|""", RegexOptions.Multiline)]
    private static partial Regex SettingRow();
}
