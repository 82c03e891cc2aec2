using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class EventValidatorTests
{
    [Fact]
    public void An_event_of_an_Android_user_is_valid() => Assert.Equal(InvalidReason.None, EventValidator.Check(TestData.Built()));

    [Fact]
    public void An_event_of_an_Apple_user_is_valid() =>
        Assert.Equal(InvalidReason.None, Check(("metrix.advertising_id", null), ("metrix.idfa", TestData.Idfa)));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_event_without_a_slug_is_not_valid(string slug)
    {
        var builder = TestData.Builder();
        builder.Start(slug, TestData.Time);

        Assert.Equal(InvalidReason.SlugMissing, EventValidator.Check(builder.OfSomeUser()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t")]
    public void An_event_without_a_user_is_not_valid(string? user) =>
        Assert.Equal(InvalidReason.UserIdMissing, Check(("metrix.user_id", user)));

    [Fact]
    public void An_event_without_a_session_is_not_valid() =>
        Assert.Equal(InvalidReason.SessionIdMissing, Check(("metrix.session_id", "")));

    [Fact]
    public void An_event_without_an_advertising_id_is_not_valid() =>
        Assert.Equal(InvalidReason.AdvertisingIdMissing, Check(("metrix.advertising_id", null)));

    [Fact]
    public void An_event_with_two_advertising_ids_is_not_valid() =>
        Assert.Equal(InvalidReason.AdvertisingIdAmbiguous, Check(("metrix.idfa", TestData.Idfa)));

    [Theory]
    [InlineData(InvalidReason.SlugMissing, "metrix.slug")]
    [InlineData(InvalidReason.UserIdMissing, "metrix.user_id")]
    [InlineData(InvalidReason.SessionIdMissing, "metrix.session_id")]
    [InlineData(InvalidReason.AdvertisingIdMissing, "metrix.advertising_id")]
    [InlineData(InvalidReason.AdvertisingIdAmbiguous, "metrix.idfa")]
    [InlineData(InvalidReason.AppUnknown, "metrix.app")]
    internal void What_is_wrong_is_said_with_the_name_of_the_field(InvalidReason reason, string field) =>
        Assert.Contains(field, EventValidator.Describe(reason));

    private static InvalidReason Check(params (string Name, object? Value)[] changed)
    {
        var fields = new Dictionary<string, object?>
        {
            ["metrix.user_id"] = TestData.UserId,
            ["metrix.session_id"] = TestData.SessionId,
            ["metrix.advertising_id"] = TestData.AdvertisingId,
        };
        foreach (var (name, value) in changed)
            fields[name] = value;
        return EventValidator.Check(TestData.Builder().With([.. fields.Select(pair => (pair.Key, pair.Value))]));
    }
}
