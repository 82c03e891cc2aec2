using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using Metrix.Client.Mapping;

namespace Metrix.Client.Tests.Mapping;

/// <summary>Lists values of every type and what each is mapped to.</summary>
internal static class ValueTable
{
    private static readonly DateTime Noon = new(2019, 10, 5, 12, 29, 13, DateTimeKind.Unspecified);
    private static readonly DateTime LocalNoon = DateTime.SpecifyKind(Noon, DateTimeKind.Local);
    private static readonly Guid Id = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    public static IReadOnlyDictionary<string, (object? Value, MappedValue Expected)> All { get; } =
        new Dictionary<string, (object?, MappedValue)>
        {
            ["string"] = ("taqsq", Text("taqsq")),
            ["string, empty"] = ("", Text("")),
            ["string, Persian"] = ("خرید نیم\u200Cبها ۱۲٫۵", Text("خرید نیم\u200Cبها ۱۲٫۵")),
            ["char"] = ('é', Text("é")),
            ["char, Persian"] = ('ی', Text("ی")),
            ["sbyte"] = (sbyte.MinValue, Number(-128)),
            ["byte"] = (byte.MaxValue, Number(255)),
            ["short"] = (short.MinValue, Number(-32768)),
            ["ushort"] = (ushort.MaxValue, Number(65535)),
            ["int"] = (int.MinValue, Number(-2147483648)),
            ["uint"] = (uint.MaxValue, Number(4294967295)),
            ["long"] = (long.MinValue, Number(-9223372036854775808d)),
            ["long beyond 2^53"] = (9007199254740993L, Number(9007199254740992d)),
            ["ulong"] = (ulong.MaxValue, Number(18446744073709551615d)),
            ["nint"] = ((nint)(-7), Number(-7)),
            ["nuint"] = ((nuint)7, Number(7)),
            ["Int128"] = (Int128.MinValue, Number(-170141183460469231731687303715884105728d)),
            ["UInt128"] = (UInt128.MaxValue, Number(340282366920938463463374607431768211455d)),
            ["BigInteger"] = (BigInteger.Pow(10, 30), Number(1e30)),
            ["BigInteger, negative"] = (-BigInteger.Pow(10, 300), Number(-1e300)),
            ["BigInteger beyond double"] = (BigInteger.Pow(10, 309), Unmappable),
            ["BigInteger beyond double, negative"] = (-BigInteger.Pow(10, 100_000), Unmappable),
            ["BigInteger that rounds beyond double"] = (BigInteger.Pow(2, 1024) - 1, Unmappable),
            ["Half"] = ((Half)0.5, Number(0.5)),
            ["Half, NaN"] = (Half.NaN, Unmappable),
            ["float"] = (0.1f, Number(0.10000000149011612)),
            ["float, infinite"] = (float.PositiveInfinity, Unmappable),
            ["double"] = (130.5, Number(130.5)),
            ["double, maximum"] = (double.MaxValue, Number(1.7976931348623157E+308)),
            ["double, smallest positive"] = (double.Epsilon, Number(5E-324)),
            ["double, NaN"] = (double.NaN, Unmappable),
            ["double, infinite"] = (double.PositiveInfinity, Unmappable),
            ["double, negative infinite"] = (double.NegativeInfinity, Unmappable),
            ["decimal"] = (1234.56m, Number(1234.56)),
            ["decimal, maximum"] = (decimal.MaxValue, Number(79228162514264337593543950335d)),
            ["TimeSpan"] = (new TimeSpan(0, 1, 2, 3, 4), Number(3723.004)),
            ["TimeSpan, negative"] = (TimeSpan.FromSeconds(-1.5), Number(-1.5)),
            ["bool, true"] = (true, Text("true")),
            ["bool, false"] = (false, Text("false")),
            ["DateTime, Utc"] = (DateTime.SpecifyKind(Noon, DateTimeKind.Utc), Text("2019-10-05T12:29:13Z")),
            ["DateTime, Unspecified"] = (Noon.AddTicks(4120000), Text("2019-10-05T12:29:13.412")),
            ["DateTime, Local"] = (LocalNoon, Text("2019-10-05T12:29:13" + OffsetOf(LocalNoon))),
            ["DateTimeOffset in Tehran"] =
                (new DateTimeOffset(Noon, new TimeSpan(3, 30, 0)), Text("2019-10-05T12:29:13+03:30")),
            ["DateTimeOffset in UTC"] = (new DateTimeOffset(Noon, TimeSpan.Zero), Text("2019-10-05T12:29:13+00:00")),
            ["DateOnly"] = (new DateOnly(2019, 10, 5), Text("2019-10-05")),
            ["TimeOnly"] = (new TimeOnly(9, 5, 7), Text("09:05:07")),
            ["TimeOnly with a fraction"] = (new TimeOnly(9, 5, 7, 250), Text("09:05:07.25")),
            ["Guid"] = (Id, Text("0f8fad5b-d9cb-469f-a165-70867728950e")),
            ["Uri"] = (new Uri("https://metrix.ir/a?b=c"), Text("https://metrix.ir/a?b=c")),
            ["Uri, relative"] = (new Uri("a/b", UriKind.Relative), Text("a/b")),
            ["Version"] = (new Version(1, 2, 3), Text("1.2.3")),
            ["IPAddress"] = (IPAddress.Parse("192.168.1.10"), Text("192.168.1.10")),
            ["IPAddress, version 6"] = (IPAddress.Parse("2001:db8::1"), Text("2001:db8::1")),
            ["enum"] = (DayOfWeek.Friday, Text("Friday")),
            ["enum of flags"] = (FileAccess.ReadWrite, Text("ReadWrite")),
            ["enum without a name"] = ((DayOfWeek)42, Text("42")),
            ["Rune"] = (new Rune(0x1F600), Text("😀")),
            ["StringBuilder"] = (new StringBuilder("built"), Text("built")),
            ["custom IFormattable"] = (new Money(1234.5m), Text("1234.5 IRR")),
            ["null"] = (null, default),
            ["byte[]"] = (new byte[] { 1, 2 }, Unmappable),
            ["Memory<byte>"] = (new Memory<byte>([1]), Unmappable),
            ["ReadOnlyMemory<byte>"] = (new ReadOnlyMemory<byte>([1]), Unmappable),
            ["ArraySegment<byte>"] = (new ArraySegment<byte>([1]), Unmappable),
            ["Stream"] = (Stream.Null, Unmappable),
            ["delegate"] = (new Action(() => { }), Unmappable),
            ["object without its own ToString"] = (new object(), Unmappable),
            ["generic object without its own ToString"] = (new Box<int>(), Unmappable),
            ["object whose ToString throws"] = (new ThrowingObject(), Unmappable),
            ["object whose ToString returns null"] = (new NullTextObject(), Unmappable),
        };

    public static MappedValue Unmappable => new(MappedKind.Unmappable);

    public static MappedValue Text(string text) => new(MappedKind.Attribute, text);

    public static MappedValue Number(double number) => new(MappedKind.Metric, Number: number);

    private static string OffsetOf(DateTime local)
    {
        var offset = TimeZoneInfo.Local.GetUtcOffset(local);
        return (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
    }

    private sealed class Money(decimal amount) : IFormattable
    {
        public string ToString(string? format, IFormatProvider? formatProvider) =>
            amount.ToString(format, formatProvider) + " IRR";
    }

    private sealed class Box<T>;

    private sealed class ThrowingObject
    {
        public override string ToString() => throw new InvalidOperationException("ToString failed");
    }

    private sealed class NullTextObject
    {
        public override string? ToString() => null;
    }
}
