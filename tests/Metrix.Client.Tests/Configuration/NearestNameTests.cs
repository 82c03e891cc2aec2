using Metrix.Client.Configuration;

namespace Metrix.Client.Tests.Configuration;

public class NearestNameTests
{
    private static readonly string[] Known = ["AppId", "DevKey", "Endpoint"];

    [Theory]
    [InlineData("appid", "AppId")]
    [InlineData("ApId", "AppId")]
    [InlineData("DevKeys", "DevKey")]
    [InlineData("endpiont", "Endpoint")]
    [InlineData("Endpoint", "Endpoint")]
    public void It_is_the_name_with_the_fewest_letters_to_change(string written, string nearest) =>
        Assert.Equal(nearest, NearestName.Of(written, Known));

    [Theory]
    [InlineData("")]
    [InlineData("Xyzzy")]
    [InlineData("Something else")]
    public void It_is_none_when_none_is_near(string written) => Assert.Null(NearestName.Of(written, Known));

    [Fact]
    public void Without_a_near_name_all_are_told() =>
        Assert.Equal("Known names: AppId, DevKey, Endpoint.", NearestName.Hint("Xyzzy", Known));
}
