using Metrix.Client.Mapping;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests;

public class MetrixIdentityTests
{
    [Fact]
    public void FromJson_reads_what_ToJson_wrote()
    {
        var written = new MetrixIdentity
        {
            MetrixUserId = "کاربر \"۱\"",
            MetrixSessionId = TestUser.SessionId,
            AdvertisingId = TestUser.AdvertisingId,
            DeviceIp = "2001:db8::1",
            App = "android",
        };
        var json = written.ToJson();
        var read = MetrixIdentity.FromJson(json);

        Assert.Equal(written.Fields(), read.Fields());
        Assert.Null(read.Idfa);
        Assert.StartsWith("{\"metrixUserId\":\"کاربر ", json);
        Assert.DoesNotContain("idfa", json);
    }

    [Fact]
    public void FromJson_ignores_unknown_properties() =>
        Assert.Equal("u", MetrixIdentity.FromJson("""{"metrixUserId":"u","later":{"x":[1]}}""").MetrixUserId);

    [Theory]
    [InlineData("")]
    [InlineData("secret-id")]
    [InlineData("[]")]
    [InlineData("\"secret-id\"")]
    [InlineData("{\"metrixUserId\":5}")]
    [InlineData("{\"metrixUserId\":\"secret-id\"")]
    public void FromJson_rejects_other_text_without_showing_it_in_the_message(string json) =>
        Assert.DoesNotContain("secret-id", Assert.Throws<FormatException>(() => MetrixIdentity.FromJson(json)).Message);

    [Fact]
    public void ToString_does_not_contain_the_ids() => Assert.Equal("MetrixIdentity", $"{TestUser.Identity()}");
}
