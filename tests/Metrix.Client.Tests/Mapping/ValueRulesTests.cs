using System.Globalization;
using System.Numerics;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class ValueRulesTests
{
    public static TheoryData<string, string> EveryValueInEveryCulture() =>
        [.. from culture in Cultures.Names from name in ValueTable.All.Keys select (culture, name)];

    public static TheoryData<string> EveryCulture() => [.. Cultures.Names];

    [Theory]
    [MemberData(nameof(EveryValueInEveryCulture))]
    public void A_value_is_mapped_the_same_in_every_culture(string culture, string name)
    {
        using var current = Cultures.Use(culture);
        var (value, expected) = ValueTable.All[name];

        Assert.Equal(expected, ValueRules.Map(value));
    }

    [Theory]
    [MemberData(nameof(EveryCulture))]
    public void A_decimal_is_mapped_to_the_nearest_double(string culture)
    {
        using var current = Cultures.Use(culture);
        decimal[] decimals =
        [
            0.1m, 1.1m, 0.3m, 79228162514264337593543950334m, 0.0000000000000000000000000001m, 9007199254740993m,
            5213.0137123289237412m, 7.2057594037927945e16m, 4503599627370497.5m, 0.30000000000000004m,
        ];
        foreach (var value in decimals.Concat(decimals.Select(v => -v)))
        {
            var nearest = double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            Assert.Equal(nearest, ValueRules.Map(value).Number);
        }
    }

    [Fact]
    public void A_128_bit_integer_is_mapped_to_the_nearest_double()
    {
        var value = ((Int128)1 << 100) + ((Int128)1 << 47) + 1;

        var nearest = Math.Pow(2, 100) + Math.Pow(2, 48);
        Assert.Equal(nearest, ValueRules.Map(value).Number);
        Assert.Equal(nearest, ValueRules.Map((UInt128)value).Number);
        Assert.Equal(nearest, ValueRules.Map((BigInteger)value).Number);
    }

    [Fact]
    public void Negative_zero_keeps_its_sign()
    {
        Assert.True(double.IsNegative(ValueRules.Map(-0d).Number));
    }

    [Theory]
    [InlineData("en-US")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    public void A_number_mapped_as_an_attribute_is_invariant_text(string culture)
    {
        using var current = Cultures.Use(culture);
        (object Value, string Text)[] numbers =
        [
            (-5, "-5"), (1234567, "1234567"), (1.10m, "1.10"), (-0.25, "-0.25"), (1.5f, "1.5"), ((Half)0.5, "0.5"),
            (ulong.MaxValue, "18446744073709551615"), (Int128.MinValue, "-170141183460469231731687303715884105728"),
            (BigInteger.Pow(10, 30), "1000000000000000000000000000000"), ((nint)(-3), "-3"), ((sbyte)-3, "-3"),
            (new TimeSpan(1, 2, 3), "01:02:03"),
        ];
        foreach (var (value, text) in numbers)
            Assert.Equal(ValueTable.Text(text), ValueRules.Map(value, asAttribute: true));
    }

    [Fact]
    public void Only_numbers_named_in_Attributes_are_attributes()
    {
        var built = TestData.Builder(o =>
        {
            o.Attributes.Add("OrderId");
            o.Attributes.Add("Customer.*");
        }).With(
            ("OrderId", 42), ("Amount", 130.5), ("customer", new Dictionary<string, object?> { ["Number"] = 7 }),
            ("CustomerCount", 3));

        Assert.Equal("42", built.Attribute("OrderId"));
        Assert.Equal("7", built.Attribute("customer.Number"));
        Assert.Equal(130.5, built.Metric("Amount"));
        Assert.Equal(3, built.Metric("CustomerCount"));
    }

    [Theory]
    [InlineData("byte[]")]
    [InlineData("Stream")]
    [InlineData("double, NaN")]
    [InlineData("object whose ToString throws")]
    public void An_unsupported_value_is_omitted_and_counted_with_its_name(string name)
    {
        var built = TestData.Builder().With("Unsupported", ValueTable.All[name].Value);

        Assert.Empty(built.Properties);
        Assert.Equal(new OmittedValue(OmissionReason.Unsupported, "Unsupported"), Assert.Single(built.Omitted));
    }

    [Fact]
    public void Null_is_omitted_and_not_counted()
    {
        var built = TestData.Builder().With("Nothing", null);

        Assert.Empty(built.Properties);
        Assert.Empty(built.Omitted);
    }
}
