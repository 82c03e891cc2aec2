using System.Security.Cryptography;
using System.Text;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests;

public class RedactionTests
{
    [Fact]
    public async Task What_is_dropped_does_not_leave_whatever_is_included()
    {
        await using var sender = await Sender.StartAsync(o =>
        {
            o.Redact["Phone*"] = MetrixRedaction.Drop;
            o.Redact["address.city"] = MetrixRedaction.Drop;
            o.Include.Add("Phone");
        });
        sender.Client.Send(Some.Event(
            "taqsq", ("Phone", "secret"), ("PhoneNumbers", new[] { "secret" }), ("phone2", 912), ("Amount", 5),
            ("Address", new Dictionary<string, object?> { ["City"] = "secret", ["Floor"] = 3 })));

        var body = Encoding.UTF8.GetString(Assert.Single(await sender.CloseAsync()).Request.Body.Span);
        Assert.DoesNotContain("secret", body);
        Assert.DoesNotContain("912", body);
        Assert.Contains("\"customMetrics\":{\"Amount\":5,\"Address.Floor\":3}", body);
    }

    [Fact]
    public async Task What_is_hashed_leaves_as_its_HMAC_under_the_apps_key()
    {
        await using var sender = await Sender.StartAsync(o =>
        {
            o.Redact["Email"] = MetrixRedaction.Hash;
            o.Redact["Card"] = MetrixRedaction.Hash;
        });
        sender.Client.Send(Some.Event("taqsq", ("Email", "a@example.com"), ("Card", 1234), ("City", "تهران")));

        var sent = Assert.Single(await sender.CloseAsync());
        Assert.Equal(Hash("a@example.com"), sent.CustomAttributes["Email"]);
        Assert.Equal(Hash("1234"), sent.CustomAttributes["Card"]);
        Assert.Equal("تهران", sent.CustomAttributes["City"]);
        Assert.Empty(sent.CustomMetrics);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(Some.DevKey), Encoding.UTF8.GetBytes(text)));
}
