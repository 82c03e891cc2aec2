using Metrix.Client.Configuration;

namespace Metrix.Client.Tests.Configuration;

public class NearestNameTests
{
    private static readonly string[] KnownNames = ["AppId", "DevKey", "Endpoint"];

    [Theory]
    [InlineData("appid", "AppId")]
    [InlineData("ApId", "AppId")]
    [InlineData("DevKeys", "DevKey")]
    [InlineData("endpiont", "Endpoint")]
    [InlineData("Endpoint", "Endpoint")]
    public void The_nearest_name_needs_the_fewest_edits(string written, string nearest) =>
        Assert.Equal(nearest, NearestName.Of(written, KnownNames));

    [Theory]
    [InlineData("")]
    [InlineData("Xyzzy")]
    [InlineData("Something else")]
    public void No_name_is_returned_when_none_is_near(string written) =>
        Assert.Null(NearestName.Of(written, KnownNames));

    [Fact]
    public void The_hint_lists_all_names_when_none_is_near() =>
        Assert.Equal("Known names: AppId, DevKey, Endpoint.", NearestName.Hint("Xyzzy", KnownNames));
}
