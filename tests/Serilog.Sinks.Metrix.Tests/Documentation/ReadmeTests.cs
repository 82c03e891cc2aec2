using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Metrix.Client.Configuration;
using Metrix.Client.Mapping;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Core;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Documentation;

/// <summary>Checks the README against the code.</summary>
public partial class ReadmeTests
{
    private static readonly string Readme = Checkout.Readme;

    [Fact]
    public void The_settings_table_lists_every_setting_with_its_default()
    {
        var defaults = new MetrixSinkOptions();
        var actual = MetrixSettings.All
            .Select(setting => (Name: ToCamelCase(setting.Name), Default: DefaultText(setting.Get(defaults))))
            .Append(("restrictedToMinimumLevel", defaults.RestrictedToMinimumLevel.ToString()))
            .Append(("levelSwitch", DefaultText(defaults.LevelSwitch)));

        var section = Readme[Readme.IndexOf("\n## Settings", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## OpenTelemetry", StringComparison.Ordinal)];
        var documented = SettingRow().Matches(section)
            .Select(row => (row.Groups["name"].Value, row.Groups["default"].Value));

        Assert.Equal(actual, documented);
    }

    [Fact]
    public void The_arguments_of_both_overloads_are_the_settings()
    {
        var settings = MetrixSettings.All.Select(setting => ToCamelCase(setting.Name))
            .Concat(["restrictedToMinimumLevel", "levelSwitch"]).ToHashSet();
        string[] configurationNames = ["configuration", "appConfiguration"];
        var overloads = typeof(MetrixLoggerConfigurationExtensions)
            .GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.Name == nameof(MetrixLoggerConfigurationExtensions.Metrix))
            .Select(method => method.GetParameters().Skip(1).Select(parameter => parameter.Name!).ToArray())
            .Where(names => names.Any(configurationNames.Contains))
            .ToArray();

        Assert.Equal(
            configurationNames.Order(),
            overloads.SelectMany(names => names.Where(configurationNames.Contains)).Order());
        Assert.All(
            overloads,
            names => Assert.Equal(settings.Order(), names.Except(configurationNames).Order()));
    }

    [Fact]
    public void The_README_contains_the_appsettings_of_the_quickstart() => Assert.Contains(
        Checkout.Read("samples", "Quickstart", "appsettings.json"), Readme);

    [Fact]
    public async Task The_appsettings_of_the_quickstart_deliver_an_event()
    {
        await using var emulator = await TestEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { ["your-app-id"] = "your-dev-key" } });
        var configuration = AppSettings.From(
            Checkout.Read("samples", "Quickstart", "appsettings.json"),
            ("Metrix:Endpoint", emulator.Endpoint.ToString()));
        await using (var logger = new LoggerConfiguration().ReadFrom.Configuration(configuration).CreateLogger())
            logger.ForContext(TestData.Identity).Information("{@Purchase}", new { OrderId = 12345, Amount = 130.5 });

        var purchase = Assert.Single(emulator.Events);
        Assert.Equal(
            ("taqsq", "12345", 130.5),
            (purchase.EventSlug, purchase.CustomAttributes["OrderId"], purchase.CustomMetrics["Amount"]));
    }

    [Fact]
    public void The_field_table_lists_the_names_that_are_read()
    {
        var noMappings = new Dictionary<string, string>();
        foreach (var (key, field) in FieldNames.FieldKeys.Zip(Enum.GetValues<EventField>()))
        {
            var names = FieldNames.NamesOf(field, noMappings).Select(name => $"`{name}`");
            Assert.Contains($"| `{key}` | {string.Join(" | ", names)} |", Readme);
        }
    }

    [Fact]
    public void The_README_lists_the_omitted_property_names() => Assert.All(
        PropertyFilter.LoggingNoise.Where(name => name != "{OriginalFormat}"),
        name => Assert.Contains($"`{name}`", Readme));

    private static string ToCamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string DefaultText(object? value) => value switch
    {
        null or System.Collections.ICollection { Count: 0 } => "",
        Uri uri => uri.OriginalString,
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex("""^\| `(?<name>\w+)` \| (?:`(?<default>[^`]*)`)? ?\|""", RegexOptions.Multiline)]
    private static partial Regex SettingRow();
}
