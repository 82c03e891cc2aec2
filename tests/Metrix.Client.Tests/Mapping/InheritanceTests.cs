using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class InheritanceTests
{
    [Fact]
    public void A_field_of_the_record_wins_over_an_inherited_one()
    {
        var built = TestData.Builder().With(("metrix.user_id", "own"));
        built.Inherit("metrix.user_id", "inherited", level: 0);

        Assert.Equal("own", built[EventField.MetrixUserId]);
    }

    [Fact]
    public void A_nested_field_of_the_record_wins_over_an_inherited_one()
    {
        var built = TestData.Builder();
        Assert.True(built.TryEnter(null));
        built.Add("MetrixUserId", "own");
        built.Leave();
        built.Inherit("metrix.user_id", "inherited", level: 0);

        Assert.Equal("own", built[EventField.MetrixUserId]);
    }

    [Fact]
    public void The_nearest_level_wins_and_within_it_the_preferred_name()
    {
        var built = TestData.Builder();
        built.Inherit("MetrixUserId", "second name", level: 1);
        built.Inherit("metrix.user_id", "first name", level: 1);
        built.Inherit("metrix.user_id", "far", level: 2);
        built.Inherit("metrix.session_id", "far", level: 2);

        Assert.Equal(("first name", "far"), (built[EventField.MetrixUserId], built[EventField.MetrixSessionId]));
    }

    [Fact]
    public void An_advertising_id_hides_an_inherited_one_of_the_other_platform()
    {
        var built = TestData.Builder().With(("metrix.idfa", TestUser.Idfa));
        built.Inherit("metrix.advertising_id", TestUser.AdvertisingId, level: 0);

        Assert.Equal((null, TestUser.Idfa), (built[EventField.AdvertisingId], built[EventField.Idfa]));
    }

    [Fact]
    public void Two_advertising_ids_of_the_same_level_are_both_inherited()
    {
        var built = TestData.Builder();
        built.Inherit("metrix.idfa", TestUser.Idfa, level: 3);
        built.Inherit("metrix.advertising_id", TestUser.AdvertisingId, level: 3);

        Assert.Equal(
            (TestUser.AdvertisingId, TestUser.Idfa), (built[EventField.AdvertisingId], built[EventField.Idfa]));
    }

    [Fact]
    public void A_time_and_a_property_that_is_not_a_field_are_not_inherited()
    {
        var built = TestData.Builder();
        built.Inherit("metrix.event_time", TestData.Time.AddDays(1), level: 0);
        built.Inherit("OrderId", 12345, level: 0);

        Assert.Equal(TestData.Time, built.Time);
        Assert.Empty(built.Properties);
    }

    [Fact]
    public void Start_clears_the_inherited_fields()
    {
        var built = TestData.Builder();
        built.Inherit("metrix.user_id", "before", level: 0);
        built.Start("taqsq", TestData.Time);

        Assert.Null(built[EventField.MetrixUserId]);
    }
}
