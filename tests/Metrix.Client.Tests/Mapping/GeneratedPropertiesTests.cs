using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class GeneratedPropertiesTests
{
    private static readonly Encoding StrictUtf8 =
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [Property(MaxTest = 500, Arbitrary = [typeof(PropertyGenerator)])]
    public void Any_properties_give_a_body_that_the_vendor_can_read(GeneratedProperties properties)
    {
        var built = TestData.Builder(excludedNames: [.. PropertyFilter.LoggingNoise]).WithUser();
        foreach (var (name, value) in properties.Pairs)
            built.With(name, value);
        if (EventValidator.Check(built) != InvalidReason.None)
            return;

        using var json = JsonDocument.Parse(StrictUtf8.GetString(new EventEncoder().Encode(built)));
        foreach (var field in json.RootElement.EnumerateObject())
        {
            switch (field.Name)
            {
                case "customAttributes":
                    var attributes = field.Value.EnumerateObject().ToList();
                    Assert.InRange(attributes.Count, 1, EventBuilder.MaxAttributes);
                    Assert.All(attributes, a => Assert.Equal(JsonValueKind.String, a.Value.ValueKind));
                    Assert.All(attributes, a => AssertFits(a.Name));
                    Assert.All(attributes, a => AssertFits(a.Value.GetString()!));
                    break;
                case "customMetrics":
                    var metrics = field.Value.EnumerateObject().ToList();
                    Assert.NotEmpty(metrics);
                    Assert.All(metrics, m => Assert.True(double.IsFinite(m.Value.GetDouble())));
                    Assert.All(metrics, m => AssertFits(m.Name));
                    break;
                default:
                    Assert.Equal(JsonValueKind.String, field.Value.ValueKind);
                    break;
            }
        }

        Assert.True(json.RootElement.TryGetProperty("eventTime", out var time));
        Assert.All(time.GetString()!, digit => Assert.True(char.IsAsciiDigit(digit)));
    }

    [Property(MaxTest = 200, Arbitrary = [typeof(PropertyGenerator)])]
    public void A_reused_builder_and_encoder_give_the_same_bytes_as_new_ones(
        GeneratedProperties first, GeneratedProperties second)
    {
        var (builder, encoder) = (TestData.Builder(), new EventEncoder());
        Encode(builder, encoder, first);

        Assert.Equal(Encode(TestData.Builder(), new EventEncoder(), second), Encode(builder, encoder, second));
    }

    private static byte[] Encode(EventBuilder builder, EventEncoder encoder, GeneratedProperties properties)
    {
        builder.Start("taqsq", TestData.Time);
        foreach (var (name, value) in properties.Pairs)
            builder.With(name, value);
        return encoder.Encode(builder);
    }

    private static void AssertFits(string text) => Assert.InRange(StrictUtf8.GetByteCount(text), 0, Utf8Limit.MaxBytes);
}
