using System.Security.Cryptography;
using System.Text;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class RedactionTests
{
    [Fact]
    public async Task A_dropped_property_is_not_sent_even_if_it_is_included()
    {
        await using var fixture = await ClientFixture.StartAsync(o =>
        {
            o.Redact["Phone*"] = MetrixRedaction.Drop;
            o.Redact["address.city"] = MetrixRedaction.Drop;
            o.Include.Add("Phone");
        });
        fixture.Client.Send(TestData.Event(
            "taqsq", ("Phone", "secret"), ("PhoneNumbers", new[] { "secret" }), ("phone2", 0.912345), ("Amount", 5),
            ("Address", new Dictionary<string, object?> { ["City"] = "secret", ["Floor"] = 3 })));

        var body = Encoding.UTF8.GetString(Assert.Single(await fixture.CloseAsync()).Request.Body.Span);
        Assert.DoesNotContain("secret", body);
        Assert.DoesNotContain("0.912345", body);
        Assert.Contains("\"customMetrics\":{\"Amount\":5,\"Address.Floor\":3}", body);
    }

    [Fact]
    public async Task A_hashed_property_is_sent_as_an_HMAC_with_the_dev_key()
    {
        await using var fixture = await ClientFixture.StartAsync(o =>
        {
            o.Redact["Email"] = MetrixRedaction.Hash;
            o.Redact["Card"] = MetrixRedaction.Hash;
        });
        fixture.Client.Send(TestData.Event("taqsq", ("Email", "a@example.com"), ("Card", 1234), ("City", "تهران")));

        var sent = Assert.Single(await fixture.CloseAsync());
        Assert.Equal(Hash("a@example.com"), sent.CustomAttributes["Email"]);
        Assert.Equal(Hash("1234"), sent.CustomAttributes["Card"]);
        Assert.Equal("تهران", sent.CustomAttributes["City"]);
        Assert.Empty(sent.CustomMetrics);
    }

    [Fact]
    public async Task Redaction_applies_to_members_of_objects_and_of_lists()
    {
        await using var fixture = await ClientFixture.StartAsync(o =>
        {
            o.Redact["Customer"] = MetrixRedaction.Drop;
            o.Redact["Cards"] = MetrixRedaction.Hash;
            o.Redact["List.Phone"] = MetrixRedaction.Drop;
            o.Redact["List.Email"] = MetrixRedaction.Hash;
            o.Redact["Tags"] = MetrixRedaction.Hash;
        });
        var person = new Dictionary<string, object?> { ["Phone"] = "secret", ["Email"] = "secret", ["Name"] = "Ali" };
        fixture.Client.Send(TestData.Event(
            "taqsq", ("Customer", person), ("Cards", new Dictionary<string, object?> { ["Number"] = "secret" }),
            ("List", new[] { person }), ("Tags", new[] { "secret" }), ("CustomerType", "gold")));

        var sent = Assert.Single(await fixture.CloseAsync());
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(sent.Request.Body.Span));
        Assert.Equal(["Cards.Number", "CustomerType", "List", "Tags"], sent.CustomAttributes.Keys.Order());
        Assert.Equal(Hash("secret"), sent.CustomAttributes["Cards.Number"]);
        Assert.Equal("""[{"Phone":null,"Email":null,"Name":"Ali"}]""", sent.CustomAttributes["List"]);
        Assert.Equal(Hash("""["secret"]"""), sent.CustomAttributes["Tags"]);
    }

    [Fact]
    public async Task A_hash_covers_the_whole_value()
    {
        await using var fixture = await ClientFixture.StartAsync(o => o.Redact["Token"] = MetrixRedaction.Hash);
        var (one, other) = (new string('x', 600) + "1", new string('x', 600) + "2");
        fixture.Client.Send(TestData.Event("taqsq", ("Token", one)));
        fixture.Client.Send(TestData.Event("taqsq", ("Token", other)));

        Assert.Equal(
            new[] { Hash(one), Hash(other) }.Order(),
            (await fixture.CloseAsync()).Select(e => e.CustomAttributes["Token"]).Order());
        Assert.Empty(fixture.Messages);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(TestUser.DevKey), Encoding.UTF8.GetBytes(text)));
}
