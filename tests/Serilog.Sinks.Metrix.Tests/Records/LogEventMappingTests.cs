using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.Metrix.Records;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Records;

/// <summary>
/// What the properties of a log event, as Serilog captures them, become.
/// </summary>
public class LogEventMappingTests
{
    public static TheoryData<string> CultureNames { get; } = [.. Cultures.Names];

    [Theory]
    [MemberData(nameof(CultureNames))]
    public void Every_type_becomes_what_the_table_says_under_every_culture(string culture)
    {
        using var _ = Cultures.Use(culture);
        var event1 = Map("{@Purchase}", new
        {
            Text = "کتاب",
            Char = 'ک',
            Bool = true,
            SByte = (sbyte)-1,
            Byte = (byte)1,
            Short = (short)-2,
            UShort = (ushort)2,
            Int = -3,
            UInt = 3u,
            Long = -4L,
            ULong = 4UL,
            Float = 0.5f,
            Double = 1234.5,
            Decimal = 130.50m,
            NaN = double.NaN,
            Utc = new DateTime(2026, 3, 21, 10, 20, 30, DateTimeKind.Utc),
            Offset = new DateTimeOffset(2026, 3, 21, 10, 20, 30, TimeSpan.FromMinutes(210)),
            Date = new DateOnly(2026, 3, 21),
            Time = new TimeOnly(10, 20, 30),
            Span = TimeSpan.FromSeconds(90.5),
            Guid = Guid.Parse("38400000-8cf0-11bd-b23e-10b96e40000d"),
            Uri = new Uri("https://shop.example/کتاب"),
            Enum = DayOfWeek.Friday,
            Null = (string?)null,
        });

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Text"] = "کتاب",
                ["Char"] = "ک",
                ["Bool"] = "true",
                ["Utc"] = "2026-03-21T10:20:30Z",
                ["Offset"] = "2026-03-21T10:20:30+03:30",
                ["Date"] = "2026-03-21",
                ["Time"] = "10:20:30",
                ["Guid"] = "38400000-8cf0-11bd-b23e-10b96e40000d",
                ["Uri"] = "https://shop.example/کتاب",
                ["Enum"] = "Friday",
            },
            event1.Attributes);
        Assert.Equal(
            new Dictionary<string, double>
            {
                ["SByte"] = -1,
                ["Byte"] = 1,
                ["Short"] = -2,
                ["UShort"] = 2,
                ["Int"] = -3,
                ["UInt"] = 3,
                ["Long"] = -4,
                ["ULong"] = 4,
                ["Float"] = 0.5,
                ["Double"] = 1234.5,
                ["Decimal"] = 130.5,
                ["Span"] = 90.5,
            },
            event1.Metrics);
    }

    [Theory]
    [MemberData(nameof(CultureNames))]
    public async Task What_Serilog_would_take_apart_is_kept_whole_when_it_is_told_to(string culture)
    {
        await using var shop = await Shop.StartAsync(logging: logger => logger.Destructure.Metrix());
        using (Cultures.Use(culture))
        {
            var values = new
            {
                Big = System.Numerics.BigInteger.Pow(10, 30),
                Wide = Int128.MinValue,
                UWide = (UInt128)7,
                Half = (Half)1.5,
                Version = new Version(1, 2, 3),
                Ip = System.Net.IPAddress.Parse("192.0.2.7"),
                Loopback = System.Net.IPAddress.Loopback,
            };
            shop.LogOfUser.Information("{@Purchase}", values);
            shop.LogOfUser.Information(
                "<@Purchase> {Big} {Wide} {UWide} {Half} {Version} {Ip} {Loopback}",
                values.Big, values.Wide, values.UWide, values.Half, values.Version, values.Ip, values.Loopback);
        }

        var events = await shop.CloseAsync();
        Assert.Equal(2, events.Count);
        foreach (var one in events)
        {
            Assert.Equal(
                new Dictionary<string, string> { ["Version"] = "1.2.3", ["Ip"] = "192.0.2.7", ["Loopback"] = "127.0.0.1" },
                one.CustomAttributes.ToDictionary());
            Assert.Equal(
                new Dictionary<string, double> { ["Big"] = 1e30, ["Wide"] = (double)Int128.MinValue, ["UWide"] = 7, ["Half"] = 1.5 },
                one.CustomMetrics.ToDictionary());
        }
    }

    [Fact]
    public async Task What_Serilog_captures_nothing_of_is_counted()
    {
        await using var shop = await Shop.StartAsync();
        shop.LogOfUser.Information("{@Purchase}", new { Half = (Half)1.5, Amount = 5 });

        Assert.Equal(5, Assert.Single(await shop.CloseAsync()).CustomMetrics["Amount"]);
        Assert.Equal(1, shop.Books.Omitted("unsupported"));
    }

    [Fact]
    public void Objects_and_dictionaries_are_flattened_and_sequences_become_json()
    {
        var event1 = Map("{@Purchase}", new
        {
            Address = new { City = "تهران", Geo = new { Lat = 35.7 } },
            Tags = new Dictionary<string, object> { ["gift"] = true, ["rank"] = 3 },
            Items = new object[] { "کتاب", 2, 1.5, true, new { Sku = "A-1" }, new[] { 1, 2 } },
        });

        Assert.Equal("تهران", event1.Attributes["Address.City"]);
        Assert.Equal(35.7, event1.Metrics["Address.Geo.Lat"]);
        Assert.Equal("true", event1.Attributes["Tags.gift"]);
        Assert.Equal(3, event1.Metrics["Tags.rank"]);
        Assert.Equal("""["کتاب",2,1.5,true,{"Sku":"A-1"},[1,2]]""", event1.Attributes["Items"]);
    }

    [Theory]
    [InlineData("{@Purchase}")]
    [InlineData("<@Purchase> {@Purchase}")]
    public void The_members_of_the_events_own_object_keep_their_names(string template) =>
        Assert.Equal(130.5, Map(template, new { Amount = 130.5 }).Metrics["Amount"]);

    [Fact]
    public void They_do_so_too_when_the_slug_is_given_beside_the_object()
    {
        Assert.Equal(130.5, Map("{@Purchase}", [new { Amount = 130.5 }], ("metrix.slug", "taqsq")).Metrics["Amount"]);
        Assert.Equal(130.5, Map("{@Purchase}", [new { Amount = 130.5 }], ("metrix.slug", "Purchase")).Metrics["Amount"]);
    }

    [Fact]
    public void The_members_of_another_object_have_its_name_before_theirs() =>
        Assert.Equal(
            2, Map("{@Purchase} {@Cart}", [new { Amount = 1 }, new { Amount = 2 }]).Metrics["Cart.Amount"]);

    [Fact]
    public void Of_two_values_of_one_name_the_outermost_is_kept()
    {
        var event1 = Map("{@Purchase} {Amount}", [new { Amount = 1, Inner = 1 }, 2], ("Inner", "outer"));
        Assert.Equal(2, event1.Metrics["Amount"]);
        Assert.Equal("outer", event1.Attributes["Inner"]);
        Assert.DoesNotContain("Inner", event1.Metrics.Keys);
    }

    [Theory]
    [InlineData("SourceContext")]
    [InlineData("EventId")]
    [InlineData("RequestId")]
    [InlineData("RequestPath")]
    [InlineData("ConnectionId")]
    [InlineData("ActionId")]
    [InlineData("ActionName")]
    [InlineData("SpanId")]
    [InlineData("TraceId")]
    [InlineData("ParentId")]
    [InlineData("MachineName")]
    [InlineData("ThreadId")]
    [InlineData("ThreadName")]
    [InlineData("ProcessId")]
    [InlineData("Application")]
    [InlineData("EnvironmentName")]
    [InlineData("{OriginalFormat}")]
    public void What_frameworks_add_is_left_out_unless_included(string name)
    {
        Assert.Empty(Map("<@Purchase>", [], (name, "x")).Attributes);
        Assert.Equal("x", Map("<@Purchase>", [], options => options.Include.Add(name), (name, "x")).Attributes[name]);
    }

    [Fact]
    public void A_member_of_such_a_name_in_the_applications_own_object_is_sent() =>
        Assert.Equal("x", Map("{@Purchase}", new { ThreadName = "x" }).Attributes["ThreadName"]);

    [Fact]
    public void Numbers_that_are_no_quantities_are_sent_as_attributes() => Assert.Equal(
        "12345",
        Map("<@Purchase> {OrderId}", [12345], options => options.Attributes.Add("OrderId")).Attributes["OrderId"]);

    [Theory]
    [InlineData("metrix.slug")]
    [InlineData("MetrixSlug")]
    [InlineData("metrix.user_id")]
    [InlineData("MetrixUserId")]
    [InlineData("metrix.session_id")]
    [InlineData("MetrixSessionId")]
    [InlineData("metrix.advertising_id")]
    [InlineData("MetrixAdvertisingId")]
    [InlineData("metrix.idfa")]
    [InlineData("MetrixIdfa")]
    [InlineData("metrix.device_ip")]
    [InlineData("MetrixDeviceIp")]
    [InlineData("metrix.event_time")]
    [InlineData("MetrixEventTime")]
    [InlineData("metrix.app")]
    [InlineData("MetrixApp")]
    public void What_means_something_to_metrix_is_no_attribute(string name)
    {
        var event1 = Map("<@Purchase>", [], (name, "2026-03-21"));
        Assert.Empty(event1.Attributes);
        Assert.Empty(event1.Metrics);
    }

    [Fact]
    public void Ids_may_stand_in_the_object_itself()
    {
        var built = Build("{@Purchase}", [new { MetrixUserId = "u-1", Amount = 1 }], null);
        Assert.Equal("u-1", built[EventField.MetrixUserId]);
        Assert.DoesNotContain(built.Properties, p => p.Name == "MetrixUserId");
    }

    [Fact]
    public void An_enriched_class_of_property_value_that_nobody_knows_is_left_out_and_counted()
    {
        var built = Build("<@Purchase>", [], null, ("Odd", new OddValue()), ("Amount", 1));
        Assert.Equal(["Amount"], built.Properties.Select(p => p.Name));
        Assert.Equal("Odd", Assert.Single(built.Omitted).Name);
    }

    private static Mapped Map(string template, object purchase) => Map(template, [purchase]);

    private static Mapped Map(string template, object[] arguments, params (string Name, object? Value)[] properties) =>
        Map(template, arguments, null, properties);

    private static Mapped Map(
        string template, object[] arguments, Action<MetrixOptions>? configure, params (string Name, object? Value)[] properties)
    {
        var built = Build(template, arguments, configure, properties);
        return new(
            built.Properties.Where(p => p.Text is not null).ToDictionary(p => p.Name, p => p.Text!),
            built.Properties.Where(p => p.Text is null).ToDictionary(p => p.Name, p => p.Number));
    }

    private static EventBuilder Build(
        string template, object[] arguments, Action<MetrixOptions>? configure, params (string Name, object? Value)[] properties)
    {
        var collected = new CollectingSink();
        using (var logger = new LoggerConfiguration().WriteTo.Sink(collected).CreateLogger())
        {
            var contextual = properties.Aggregate(
                (ILogger)logger,
                (log, p) => p.Value is LogEventPropertyValue value
                    ? log.ForContext(new FixedProperty(new LogEventProperty(p.Name, value)))
                    : log.ForContext(p.Name, p.Value));
            contextual.Information(template, arguments);
        }

        var options = new MetrixOptions { Slugs = { ["Purchase"] = "taqsq" } };
        configure?.Invoke(options);
        var builder = new EventBuilder(new MappingRules(options, PropertyFilter.LoggingNoise));
        var logEvent = Assert.Single(collected.Events);
        Assert.True(new LogEventRecognizer(builder.Rules.Slugs).TryRecognize(logEvent, out var recognition));
        LogEventReader.Read(logEvent, recognition, builder);
        return builder;
    }

    private sealed record Mapped(Dictionary<string, string> Attributes, Dictionary<string, double> Metrics);

    private sealed class OddValue : LogEventPropertyValue
    {
        public override void Render(TextWriter output, string? format = null, IFormatProvider? formatProvider = null) =>
            throw new NotSupportedException();
    }

    private sealed class FixedProperty(LogEventProperty property) : ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) => logEvent.AddOrUpdateProperty(property);
    }
}
