using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Metrix.Client.Tests.Mapping;

/// <summary>Represents generated properties of an event.</summary>
public sealed record GeneratedProperties(IReadOnlyList<KeyValuePair<string, object?>> Pairs)
{
    public override string ToString() =>
        string.Join("; ", Pairs.Select(p => $"{Uri.EscapeDataString(p.Key)} = {p.Value?.GetType().Name} {p.Value}"));
}

/// <summary>Generates properties with unusual names and values for FsCheck.</summary>
public static class PropertyGenerator
{
    private static readonly string[] NotableNames =
    [
        "", " ", "metrix.user_id", "MetrixSessionId", "metrix.idfa", "metrix.advertising_id", "metrix.event_time",
        "MetrixSlug", "metrix.app", "SourceContext", "Amount", "a.b", "a", "b", "خرید",
    ];

    private static readonly object?[] UnusualValues =
    [
        null, double.NaN, double.NegativeInfinity, -0d, double.MaxValue, double.Epsilon, float.NaN, decimal.MinValue,
        long.MinValue, ulong.MaxValue, Int128.MaxValue, BigInteger.Pow(7, 500), (Half)1.5, DateTime.MinValue,
        DateTime.MaxValue, DateTimeOffset.MaxValue, DateTimeOffset.MinValue, TimeSpan.MinValue, DateOnly.MaxValue,
        TimeOnly.MaxValue, DayOfWeek.Friday, Guid.Empty, true, '\uD800', new byte[] { 1, 2 }, new object(),
        Version.Parse("1.2"), new Uri("a b", UriKind.Relative), new[] { 1.5, double.NaN },
        new object?[] { null, new[] { "\uDC00" } },
    ];

    public static Arbitrary<GeneratedProperties> Any() => Arb.From(
        from pairs in NameAndValue(3).ListOf()
        from plainCount in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(40, 80)))
        select new GeneratedProperties([.. pairs, .. Enumerable.Range(0, plainCount).Select(Plain)]));

    private static KeyValuePair<string, object?> Plain(int number) => new($"p{number}", $"v{number}");

    private static Gen<KeyValuePair<string, object?>> NameAndValue(int depth) =>
        from name in Name() from value in Value(depth) select new KeyValuePair<string, object?>(name, value);

    private static Gen<string> Name() => Gen.OneOf(Gen.Elements(NotableNames), Text());

    private static Gen<object?> Value(int depth)
    {
        var single = Gen.OneOf(
            Gen.Elements(UnusualValues),
            Text().Select(text => (object?)text),
            Number().Select(number => (object?)number));
        if (depth == 0)
            return single;

        var nested = Gen.OneOf(
            Value(depth - 1).ListOf().Select(items => (object?)items),
            NameAndValue(depth - 1).ListOf().Select(pairs => (object?)pairs.ToArray()),
            NameAndValue(depth - 1).ListOf().Select(
                pairs => (object?)pairs.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Value)));
        return Gen.Frequency((4, single), (1, nested));
    }

    private static Gen<double> Number() => Gen.Choose(int.MinValue, int.MaxValue).Select(n => n / 1000.0);

    /// <summary>
    /// Generates text of any UTF-16 code units, which includes control characters and lone surrogates. One text in ten
    /// is very long.
    /// </summary>
    private static Gen<string> Text() =>
        from units in CodeUnit().ListOf()
        from repetitions in Gen.Frequency((9, Gen.Constant(1)), (1, Gen.Choose(50, 200)))
        select string.Concat(Enumerable.Repeat(string.Concat(units), repetitions));

    private static Gen<char> CodeUnit() => Gen.OneOf(
        Gen.Choose(0, 0x7F), Gen.Choose(0x600, 0x6FF), Gen.Choose(0xD800, 0xDFFF), Gen.Choose(0, 0xFFFF))
        .Select(unit => (char)unit);
}
