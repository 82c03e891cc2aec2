using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Serilog.Events;
using Serilog.Sinks.Metrix.Records;

namespace Serilog.Sinks.Metrix.Tests.Records;

/// <summary>Tests that the body is JSON of the right shape for any properties of a log event.</summary>
public class RandomPropertiesTests
{
    [Property(Arbitrary = [typeof(PropertyGenerators)], MaxTest = 1_000)]
    public void Random_properties_give_JSON_of_the_right_shape(PropertySet set)
    {
        var logEvent = new LogEvent(
            DateTimeOffset.UnixEpoch, LogEventLevel.Information, exception: null,
            new MessageTemplate("<@Purchase>", []), set.Properties);
        var builder = new EventBuilder(new MappingRules(
            new MetrixOptions { Slugs = { ["Purchase"] = "taqsq" } }, PropertyFilter.LoggingNoise));
        LogEventReader.Read(logEvent, new EventMatch("taqsq", "Purchase"), builder);
        using var body = JsonDocument.Parse(new EventEncoder().Encode(builder));

        foreach (var field in body.RootElement.EnumerateObject())
        {
            switch (field.Name)
            {
                case "customAttributes":
                    Assert.InRange(field.Value.EnumerateObject().Count(), 1, 50);
                    Assert.All(
                        field.Value.EnumerateObject(),
                        a => Assert.InRange(Encoding.UTF8.GetByteCount(a.Value.GetString()!), 0, 512));
                    break;
                case "customMetrics":
                    Assert.NotEmpty(field.Value.EnumerateObject());
                    Assert.All(field.Value.EnumerateObject(), m => Assert.True(double.IsFinite(m.Value.GetDouble())));
                    break;
                default:
                    Assert.Equal(JsonValueKind.String, field.Value.ValueKind);
                    break;
            }
        }
    }

    public sealed record PropertySet(IReadOnlyList<LogEventProperty> Properties)
    {
        public override string ToString() => string.Join("; ", Properties.Select(p => $"{p.Name} = {p.Value}"));
    }

    public static class PropertyGenerators
    {
        public static Arbitrary<PropertySet> Bags() => Arb.From(
            from properties in Gen.ListOf(Gen.Zip(Names(), Gen.Sized(Values)))
            select new PropertySet(
                [.. properties.DistinctBy(p => p.Item1).Select(p => new LogEventProperty(p.Item1, p.Item2))]));

        private static Gen<string> Names() => Gen.OneOf(
            Gen.Elements(
                "Purchase", "Amount", "metrix.user_id", "MetrixIdfa", "metrix.event_time", "SourceContext",
                "Address.City", new string('k', 600)),
            Texts().Where(text => !string.IsNullOrWhiteSpace(text)));

        private static Gen<LogEventPropertyValue> Values(int size) => size < 2
            ? Scalars()
            : Gen.Frequency(
                (4, Scalars()),
                (1, from items in Gen.ListOf(Values(size / 4)) select (LogEventPropertyValue)new SequenceValue(items)),
                (1, from members in Gen.ListOf(Gen.Zip(Names(), Values(size / 4)))
                    select (LogEventPropertyValue)new StructureValue(
                        members.Select(m => new LogEventProperty(m.Item1, m.Item2)))),
                (1, from members in Gen.ListOf(Gen.Zip(Names(), Values(size / 4)))
                    select (LogEventPropertyValue)new DictionaryValue(members.DistinctBy(m => m.Item1).Select(
                        m => KeyValuePair.Create(new ScalarValue(m.Item1), m.Item2)))));

        private static Gen<LogEventPropertyValue> Scalars() =>
            from value in Gen.OneOf(
                Texts().Select(text => (object?)text),
                ArbMap.Default.GeneratorFor<double>().Select(number => (object?)number),
                ArbMap.Default.GeneratorFor<decimal>().Select(number => (object?)number),
                ArbMap.Default.GeneratorFor<long>().Select(number => (object?)number),
                ArbMap.Default.GeneratorFor<DateTime>().Select(time => (object?)time),
                ArbMap.Default.GeneratorFor<TimeSpan>().Select(time => (object?)time),
                Gen.Elements<object?>(
                    null, true, 'ک', DayOfWeek.Friday, float.NaN, double.PositiveInfinity, Int128.MinValue,
                    new byte[] { 1, 2 }, new object(), Guid.Empty, new string('پ', 600)))
            select (LogEventPropertyValue)new ScalarValue(value);

        // Any characters, including halves of surrogate pairs and control characters.
        private static Gen<string> Texts() =>
            from chars in Gen.ArrayOf(Gen.Choose(0, char.MaxValue))
            select new string([.. chars.Select(c => (char)c)]);
    }
}
