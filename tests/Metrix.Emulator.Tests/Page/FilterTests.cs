using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class FilterTests(Browser browser)
{
    [Fact]
    public async Task Filter_by_text_shows_matching_requests()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#filter-text").FillAsync("تهران");
        await AssertShownAsync(page, "first");
        await page.Locator("#filter-text").FillAsync("KÖLN");
        await AssertShownAsync(page, "other");
        await page.Locator("#filter-text").FillAsync("authorization header is missing");
        await AssertShownAsync(page, "taqsq");
        await page.Locator("#filter-text").FillAsync("nowhere");
        await Expect(page.Locator("#empty")).ToContainTextAsync("Nothing matches the filter");
        await Expect(page.Locator("#shown")).ToHaveTextAsync("0 of 3");
    }

    [Fact]
    public async Task Filter_by_slug_app_or_user_shows_matching_requests()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#filter-slug").SelectOptionAsync("other");
        await AssertShownAsync(page, "other");
        await page.Locator("#filter-slug").SelectOptionAsync("");
        await page.Locator("#filter-app").SelectOptionAsync("ios-app");
        await AssertShownAsync(page, "other");
        await page.Locator("#filter-app").SelectOptionAsync("");
        await page.Locator("#filter-user").FillAsync("buyer-7");
        await AssertShownAsync(page, "first");
        await page.Locator("#filter-user").FillAsync("");
        await AssertShownAsync(page, "taqsq", "other", "first");
    }

    [Fact]
    public async Task Filter_by_verdict_hides_requests_with_that_verdict()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#counters .warned").ClickAsync();
        await AssertShownAsync(page, "taqsq");
        await page.Locator("#counters .rejected").ClickAsync();
        await AssertShownAsync(page);
        await page.Locator("#counters .warned").ClickAsync();
        await AssertShownAsync(page, "other", "first");
    }

    [Fact]
    public async Task Filter_applies_to_requests_that_arrive_later()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#filter-text").FillAsync("first");
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("another"));
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("first-again"));

        await AssertShownAsync(page, "first-again", "first");
        await Expect(page.Locator("#shown")).ToHaveTextAsync("2 of 5");
    }

    private static Task AssertShownAsync(IPage page, params string[] slugs) =>
        Expect(page.Locator(".row:visible .slug")).ToHaveTextAsync(slugs);

    /// <summary>
    /// Starts an emulator with two events that differ in every filter criterion, and a rejected request.
    /// </summary>
    private static async Task<MetrixEmulator> StartAsync()
    {
        var options = TestData.Options();
        options.Apps["ios-app"] = TestData.Key;
        var emulator = await MetrixEmulator.StartAsync(options);
        await emulator.SendAcceptedAsync(TestData.Event(
            ("eventSlug", "\"first\""), ("metrixUserId", "\"BUYER-7\""), ("customAttributes", """{"City":"تهران"}""")));
        await emulator.PostAsync(
            TestData.Event(("eventSlug", "\"other\""), ("customAttributes", """{"City":"Köln"}""")), app: "ios-app");
        await emulator.PostAsync(key: null).ReadRejectionAsync(401);
        return emulator;
    }
}
