using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests;

public class MetrixIdentityTests
{
    [Fact]
    public void It_is_read_as_it_was_written()
    {
        var written = new MetrixIdentity
        {
            MetrixUserId = "کاربر \"۱\"",
            MetrixSessionId = TestData.SessionId,
            AdvertisingId = TestData.AdvertisingId,
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
    public void What_a_later_version_added_is_passed_over() =>
        Assert.Equal("u", MetrixIdentity.FromJson("""{"metrixUserId":"u","later":{"x":[1]}}""").MetrixUserId);

    [Theory]
    [InlineData("")]
    [InlineData("secret-id")]
    [InlineData("[]")]
    [InlineData("\"secret-id\"")]
    [InlineData("{\"metrixUserId\":5}")]
    [InlineData("{\"metrixUserId\":\"secret-id\"")]
    public void What_is_no_identity_is_refused_without_being_shown(string json) =>
        Assert.DoesNotContain("secret-id", Assert.Throws<FormatException>(() => MetrixIdentity.FromJson(json)).Message);

    [Fact]
    public void Its_ids_stand_in_no_message() => Assert.Equal("MetrixIdentity", $"{TestData.Identity()}");
}
