using Metrix.Client.Diagnostics;
using Metrix.Client.Mapping;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Diagnostics;

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
    internal void Why_an_event_is_not_valid_has_a_name(InvalidReason reason, string name) =>
        Assert.Equal(name, TagValue.Of(reason));

    [Theory]
    [InlineData(LeftOutReason.NoForm, "no_form")]
    [InlineData(LeftOutReason.TooMany, "too_many")]
    [InlineData(LeftOutReason.NameTooLong, "name_too_long")]
    [InlineData(LeftOutReason.TooDeep, "too_deep")]
    [InlineData(LeftOutReason.NoTime, "no_time")]
    [InlineData(LeftOutReason.Cut, "cut")]
    internal void Why_a_value_is_left_out_has_a_name(LeftOutReason reason, string name) =>
        Assert.Equal(name, TagValue.Of(reason));

    [Fact]
    public void The_names_are_the_same_in_Turkish()
    {
        using var current = Cultures.Use("tr-TR");

        Assert.Equal("invalid", TagValue.Of(EventState.Invalid));
    }
}
