using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class EventValidatorTests
{
    [Fact]
    public void An_event_with_an_advertising_id_is_valid() =>
        Assert.Equal(InvalidReason.None, EventValidator.Check(TestData.BuilderWithUser()));

    [Fact]
    public void An_event_with_an_idfa_is_valid() =>
        Assert.Equal(InvalidReason.None, Check(("metrix.advertising_id", null), ("metrix.idfa", TestUser.Idfa)));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_event_without_a_slug_is_invalid(string slug)
    {
        var builder = TestData.Builder();
        builder.Start(slug, TestData.Time);

        Assert.Equal(InvalidReason.SlugMissing, EventValidator.Check(builder.WithUser()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t")]
    public void An_event_without_a_user_id_is_invalid(string? user) =>
        Assert.Equal(InvalidReason.UserIdMissing, Check(("metrix.user_id", user)));

    [Fact]
    public void An_event_without_a_session_id_is_invalid() =>
        Assert.Equal(InvalidReason.SessionIdMissing, Check(("metrix.session_id", "")));

    [Fact]
    public void An_event_without_an_advertising_id_is_invalid() =>
        Assert.Equal(InvalidReason.AdvertisingIdMissing, Check(("metrix.advertising_id", null)));

    [Fact]
    public void An_event_with_two_advertising_ids_is_invalid() =>
        Assert.Equal(InvalidReason.AdvertisingIdAmbiguous, Check(("metrix.idfa", TestUser.Idfa)));

    [Theory]
    [InlineData(InvalidReason.SlugMissing, "metrix.slug")]
    [InlineData(InvalidReason.UserIdMissing, "metrix.user_id")]
    [InlineData(InvalidReason.SessionIdMissing, "metrix.session_id")]
    [InlineData(InvalidReason.AdvertisingIdMissing, "metrix.advertising_id")]
    [InlineData(InvalidReason.AdvertisingIdAmbiguous, "metrix.idfa")]
    [InlineData(InvalidReason.AppUnknown, "metrix.app")]
    internal void The_description_of_an_invalid_event_names_the_field(InvalidReason reason, string field) =>
        Assert.Contains(field, EventValidator.Describe(reason));

    private static InvalidReason Check(params (string Name, object? Value)[] changed)
    {
        var fields = new Dictionary<string, object?>
        {
            ["metrix.user_id"] = TestUser.UserId,
            ["metrix.session_id"] = TestUser.SessionId,
            ["metrix.advertising_id"] = TestUser.AdvertisingId,
        };
        foreach (var (name, value) in changed)
            fields[name] = value;
        return EventValidator.Check(TestData.Builder().With([.. fields.Select(pair => (pair.Key, pair.Value))]));
    }
}
