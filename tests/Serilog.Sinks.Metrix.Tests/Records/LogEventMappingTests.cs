using Metrix.Tests.Support;
using Serilog.Events;
using Serilog.Sinks.Metrix.Tests.Support;
using static Serilog.Sinks.Metrix.Tests.Support.EventMapping;

namespace Serilog.Sinks.Metrix.Tests.Records;

/// <summary>
/// Tests how the properties of a log event are mapped to the attributes, metrics and fields of an event.
/// </summary>
public class LogEventMappingTests
{
    public static TheoryData<string> CultureNames { get; } = [.. Cultures.Names];

    [Theory]
    [MemberData(nameof(CultureNames))]
    public void Each_value_type_is_mapped_as_documented_in_every_culture(string culture)
    {
        using var _ = Cultures.Use(culture);
        var mapped = Map("{@Purchase}", new
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
            mapped.Attributes);
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
            mapped.Metrics);
    }

    [Theory]
    [MemberData(nameof(CultureNames))]
    public async Task Destructure_Metrix_keeps_values_that_Serilog_would_destructure(string culture)
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
            shop.UserLogger.Information("{@Purchase}", values);
            shop.UserLogger.Information(
                "<@Purchase> {Big} {Wide} {UWide} {Half} {Version} {Ip} {Loopback}",
                values.Big, values.Wide, values.UWide, values.Half, values.Version, values.Ip, values.Loopback);
        }

        var events = await shop.CloseAsync();
        Assert.Equal(2, events.Count);
        foreach (var mapped in events)
        {
            Assert.Equal(
                new Dictionary<string, string>
                {
                    ["Version"] = "1.2.3",
                    ["Ip"] = "192.0.2.7",
                    ["Loopback"] = "127.0.0.1",
                },
                mapped.CustomAttributes.ToDictionary());
            Assert.Equal(
                new Dictionary<string, double>
                {
                    ["Big"] = 1e30,
                    ["Wide"] = (double)Int128.MinValue,
                    ["UWide"] = 7,
                    ["Half"] = 1.5,
                },
                mapped.CustomMetrics.ToDictionary());
        }
    }

    [Fact]
    public async Task An_object_without_captured_members_is_counted_as_unsupported()
    {
        await using var shop = await Shop.StartAsync();
        shop.UserLogger.Information("{@Purchase}", new { Half = (Half)1.5, Amount = 5 });

        Assert.Equal(5, Assert.Single(await shop.CloseAsync()).CustomMetrics["Amount"]);
        Assert.Equal(1, shop.Meter.Omitted("unsupported"));
    }

    [Fact]
    public void Objects_and_dictionaries_are_flattened_and_sequences_become_JSON()
    {
        var mapped = Map("{@Purchase}", new
        {
            Address = new { City = "تهران", Geo = new { Lat = 35.7 } },
            Tags = new Dictionary<string, object> { ["gift"] = true, ["rank"] = 3 },
            Items = new object[] { "کتاب", 2, 1.5, true, new { Sku = "A-1" }, new[] { 1, 2 } },
        });

        Assert.Equal("تهران", mapped.Attributes["Address.City"]);
        Assert.Equal(35.7, mapped.Metrics["Address.Geo.Lat"]);
        Assert.Equal("true", mapped.Attributes["Tags.gift"]);
        Assert.Equal(3, mapped.Metrics["Tags.rank"]);
        Assert.Equal("""["کتاب",2,1.5,true,{"Sku":"A-1"},[1,2]]""", mapped.Attributes["Items"]);
    }

    [Theory]
    [InlineData("{@Purchase}")]
    [InlineData("<@Purchase> {@Purchase}")]
    public void Members_of_the_event_object_have_no_prefix(string template) =>
        Assert.Equal(130.5, Map(template, new { Amount = 130.5 }).Metrics["Amount"]);

    [Fact]
    public void Members_of_the_event_object_have_no_prefix_when_the_slug_is_a_property()
    {
        object[] arguments = [new { Amount = 130.5 }];
        Assert.Equal(130.5, Map("{@Purchase}", arguments, ("metrix.slug", "taqsq")).Metrics["Amount"]);
        Assert.Equal(130.5, Map("{@Purchase}", arguments, ("metrix.slug", "Purchase")).Metrics["Amount"]);
    }

    [Fact]
    public void Members_of_another_object_have_its_name_as_a_prefix() =>
        Assert.Equal(
            2, Map("{@Purchase} {@Cart}", [new { Amount = 1 }, new { Amount = 2 }]).Metrics["Cart.Amount"]);

    [Fact]
    public void The_outermost_of_two_values_with_one_name_is_sent()
    {
        var mapped = Map("{@Purchase} {Amount}", [new { Amount = 1, Inner = 1 }, 2], ("Inner", "outer"));
        Assert.Equal(2, mapped.Metrics["Amount"]);
        Assert.Equal("outer", mapped.Attributes["Inner"]);
        Assert.DoesNotContain("Inner", mapped.Metrics.Keys);
    }

    [Fact]
    public void A_property_value_of_an_unknown_class_is_omitted_and_counted()
    {
        var built = Build("<@Purchase>", [], null, ("Odd", new UnknownValue()), ("Amount", 1));
        Assert.Equal(["Amount"], built.Properties.Select(p => p.Name));
        Assert.Equal("Odd", Assert.Single(built.Omitted).Name);
    }

    private sealed class UnknownValue : LogEventPropertyValue
    {
        public override void Render(TextWriter output, string? format = null, IFormatProvider? formatProvider = null) =>
            throw new NotSupportedException();
    }
}
