using Metrix.Client.Configuration;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Configuration;

public class SettingsReaderTests
{
    private static readonly
        Dictionary<string, (string Value, Func<MetrixOptions, object?> Read, object Expected)> ScalarSettings = new()
        {
            ["AppId"] = ("abc", o => o.AppId, "abc"),
            ["DevKey"] = ("key", o => o.DevKey, "key"),
            ["Endpoint"] = ("https://example.test/base", o => o.Endpoint, new Uri("https://example.test/base")),
            ["EventTimeUnit"] = ("Seconds", o => o.EventTimeUnit, MetrixEventTimeUnit.Seconds),
            ["Period"] = ("00:00:05", o => o.Period, TimeSpan.FromSeconds(5)),
            ["BatchSizeLimit"] = ("7", o => o.BatchSizeLimit, 7),
            ["QueueLimit"] = ("8", o => o.QueueLimit, 8),
            ["OutboxPath"] = ("/var/lib/shop/metrix.db", o => o.OutboxPath, "/var/lib/shop/metrix.db"),
            ["OutboxSizeLimit"] = ("1099511627776", o => o.OutboxSizeLimit, 1L << 40),
            ["MaxInFlight"] = ("9", o => o.MaxInFlight, 9),
            ["RequestTimeout"] = ("00:00:01.5", o => o.RequestTimeout, TimeSpan.FromSeconds(1.5)),
            ["RetryTimeLimit"] = ("2.03:00:00", o => o.RetryTimeLimit, new TimeSpan(2, 3, 0, 0)),
            ["FlushTimeout"] = ("00:01:00", o => o.FlushTimeout, TimeSpan.FromMinutes(1)),
            ["DetectCaptivePortal"] = ("False", o => o.DetectCaptivePortal, false),
        };

    public static TheoryData<string> ScalarSettingNames() => [.. ScalarSettings.Keys];

    [Theory]
    [MemberData(nameof(ScalarSettingNames))]
    public void A_scalar_setting_is_read(string name) =>
        Assert.Equal(
            ScalarSettings[name].Expected,
            ScalarSettings[name].Read(Read((name, ScalarSettings[name].Value))));

    [Theory]
    [MemberData(nameof(ScalarSettingNames))]
    public void A_setting_name_is_case_insensitive(string name)
    {
        var (value, read, expected) = ScalarSettings[name];
        Assert.Equal(expected, read(Read((name.ToLowerInvariant(), value))));
        Assert.Equal(expected, read(Read((name.ToUpperInvariant(), value))));
    }

    [Theory]
    [InlineData("fa-IR")]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void Every_setting_is_read_the_same_in_every_culture(string culture)
    {
        using var current = Cultures.Use(culture);
        foreach (var (name, setting) in ScalarSettings)
            Assert.Equal(setting.Expected, setting.Read(Read((name.ToLowerInvariant(), setting.Value))));
    }

    [Fact]
    public void ScalarSettings_covers_every_setting_with_one_value() =>
        Assert.Equal(
            MetrixSettings.All.Select(s => s.Name).Order(),
            ScalarSettings.Keys
                .Concat(["Apps", "Slugs", "Fields", "Attributes", "Include", "Exclude", "Redact"])
                .Order());

    [Fact]
    public void Apps_are_read_by_name()
    {
        var options = Read(
            ("Apps:android:AppId", "a"), ("Apps:android:DevKey", "ka"),
            ("apps:IOS:appId", "i"), ("apps:ios:DEVKEY", "ki"));

        Assert.Equal(["android", "IOS"], options.Apps.Keys);
        Assert.Equal(("a", "ka"), (options.Apps["Android"].AppId, options.Apps["android"].DevKey));
        Assert.Equal(("i", "ki"), (options.Apps["ios"].AppId, options.Apps["ios"].DevKey));
    }

    [Fact]
    public void Maps_are_read()
    {
        var options = Read(
            ("Slugs:Purchase", "taqsq"), ("Slugs:Refund", "qzrtw"), ("Fields:metrixUserId", "CustomerMetrixId"));

        Assert.Equal("taqsq", options.Slugs["purchase"].Slug);
        Assert.Equal("qzrtw", options.Slugs["Refund"].Slug);
        Assert.Equal("CustomerMetrixId", options.Fields["metrixuserid"]);
    }

    [Fact]
    public void Lists_are_read_in_order()
    {
        var options = Read(
            ("Attributes:0", "OrderId"), ("Attributes:1", "Number*"), ("Include:0", "MachineName"), ("Exclude:0", "*"));

        Assert.Equal(["OrderId", "Number*"], options.Attributes);
        Assert.Equal(["MachineName"], options.Include);
        Assert.Equal(["*"], options.Exclude);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void An_empty_or_null_section_is_an_empty_list_or_map(string? value)
    {
        var options = Read(("Attributes", value), ("Slugs", value), ("Apps", value), ("Fields", value));

        Assert.Empty(options.Attributes);
        Assert.Empty(options.Slugs);
        Assert.Empty(options.Apps);
        Assert.Empty(options.Fields);
    }

    [Fact]
    public void A_list_replaces_the_existing_list_and_a_map_is_merged()
    {
        var options = TestData.Options(o =>
        {
            o.Exclude.Add("Old");
            o.Slugs["Old"] = "abcde";
        });
        Assert.Empty(SettingsReader.Read(options, "", ("Exclude:0", "New"), ("Slugs:New", "taqsq")));

        Assert.Equal(["New"], options.Exclude);
        Assert.Equal(["Old", "New"], options.Slugs.Keys);
    }

    [Fact]
    public void A_setting_that_is_not_configured_keeps_its_default()
    {
        var defaults = new MetrixOptions();
        var options = Read(("AppId", "abc"));

        Assert.Equal(
            (defaults.Endpoint, defaults.Period, defaults.QueueLimit, defaults.EventTimeUnit),
            (options.Endpoint, options.Period, options.QueueLimit, options.EventTimeUnit));
    }

    [Fact]
    public void Every_example_of_a_setting_is_valid()
    {
        foreach (var setting in MetrixSettings.All.Where(s => s.Name != "Apps"))
        {
            var pair = setting.Example switch
            {
                ['[', ..] => ($"{setting.Name}:0", setting.Example.Split('"')[1]),
                ['{', ..] => ($"{setting.Name}:{setting.Example.Split('"')[1]}", setting.Example.Split('"')[3]),
                _ => (setting.Name, setting.Example.Trim('"')),
            };
            var options = TestData.Options();
            Assert.Empty(SettingsReader.Read(options, "", pair));
            OptionsValidator.Validate(options);
        }
    }

    private static MetrixOptions Read(params (string Name, string? Value)[] pairs)
    {
        var options = new MetrixOptions();
        Assert.Empty(SettingsReader.Read(options, "", pairs));
        return options;
    }
}
