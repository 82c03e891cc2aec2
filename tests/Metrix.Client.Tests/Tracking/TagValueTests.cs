using Metrix.Client.Mapping;
using Metrix.Client.Tracking;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Tracking;

public class TagValueTests
{
    [Theory]
    [InlineData(InvalidReason.None, "none")]
    [InlineData(InvalidReason.SlugMissing, "slug_missing")]
    [InlineData(InvalidReason.UserIdMissing, "user_id_missing")]
    [InlineData(InvalidReason.SessionIdMissing, "session_id_missing")]
    [InlineData(InvalidReason.AdvertisingIdMissing, "advertising_id_missing")]
    [InlineData(InvalidReason.AdvertisingIdAmbiguous, "advertising_id_ambiguous")]
    [InlineData(InvalidReason.AppUnknown, "app_unknown")]
    [InlineData(InvalidReason.TooLarge, "too_large")]
    [InlineData(InvalidReason.Unreadable, "unreadable")]
    internal void The_tag_of_an_invalid_reason_is_snake_case(InvalidReason reason, string name) =>
        Assert.Equal(name, TagValue.Of(reason));

    [Theory]
    [InlineData(OmissionReason.Unsupported, "unsupported")]
    [InlineData(OmissionReason.TooMany, "too_many")]
    [InlineData(OmissionReason.NameTooLong, "name_too_long")]
    [InlineData(OmissionReason.TooDeep, "too_deep")]
    [InlineData(OmissionReason.NotATime, "not_a_time")]
    [InlineData(OmissionReason.Truncated, "truncated")]
    internal void The_tag_of_an_omission_reason_is_snake_case(OmissionReason reason, string name) =>
        Assert.Equal(name, TagValue.Of(reason));

    [Fact]
    public void Tags_do_not_depend_on_the_culture()
    {
        using var current = Cultures.Use("tr-TR");

        Assert.Equal("invalid", TagValue.Of(EventState.Invalid));
    }
}
