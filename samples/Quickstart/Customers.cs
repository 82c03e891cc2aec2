using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Quickstart.Shop;

namespace Quickstart;

/// <summary>
/// Sends the requests of the shop's customers. Each request contains the ids that the app gets from the Metrix SDK.
/// </summary>
internal sealed class Customers(HttpClient shop)
{
    private static readonly (string Header, string Value)[] Android =
    [
        ("X-Metrix-User-Id", "mx-user-1001"),
        ("X-Metrix-Session-Id", "0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c001"),
        ("X-Metrix-Advertising-Id", "38400000-8cf0-11bd-b23e-10b96e40000d"),
    ];

    private static readonly (string Header, string Value)[] Apple =
    [
        ("X-Metrix-User-Id", "mx-user-1002"),
        ("X-Metrix-Session-Id", "0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c002"),
        ("X-Metrix-Idfa", "EA7583CD-A667-48BC-B806-42ECB2B48606"),
    ];

    /// <summary>Runs the requests and returns the slugs of the expected events, in any order.</summary>
    public async Task<IReadOnlyList<string>> ShopAsync()
    {
        await PostAsync(Android, "/checkout", new Order(12345, ["کتاب", "دفتر"], 130.5m, "IRR", "تهران"));
        await PostAsync(Apple, "/checkout", new Order(12346, ["Tea"], 19.99m, "EUR", "Köln"));
        await PostAsync(Android, "/checkout", new Order(12347, ["Saffron", "Rice"], 2_450_000m, "IRR", "مشهد"));
        await PostAsync(Android, "/checkout", new Order(12348, ["Tea"], 0, "IRR", "یزد"), HttpStatusCode.BadRequest);
        var refundPath = string.Create(CultureInfo.InvariantCulture, $"/refund/12345?amount={65.25m}");
        await PostAsync(Android, refundPath, null, HttpStatusCode.Accepted);
        (await shop.GetAsync("/products")).EnsureSuccessStatusCode();

        // Each successful checkout produces three events: a log event, an activity event and its server span.
        return [.. Enumerable.Repeat(new[] { "taqsq", "taqsq", "xkcvb" }, 3).SelectMany(slugs => slugs), "qzrtw"];
    }

    private async Task PostAsync(
        (string Header, string Value)[] ids, string path, Order? order, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(order) };
        foreach (var (header, value) in ids)
            request.Headers.Add(header, value);
        using var response = await shop.SendAsync(request);
        if (response.StatusCode != expected)
            throw new InvalidOperationException($"The shop answered {path} with {response.StatusCode}.");
    }
}
