using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class FilterTests(Browser browser)
{
    [Fact]
    public async Task The_list_is_filtered_by_text()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#filter-text").FillAsync("تهران");
        await ShowsAsync(page, "first");
        await page.Locator("#filter-text").FillAsync("KÖLN");
        await ShowsAsync(page, "other");
        await page.Locator("#filter-text").FillAsync("authorization header is missing");
        await ShowsAsync(page, "taqsq");
        await page.Locator("#filter-text").FillAsync("nowhere");
        await Expect(page.Locator("#empty")).ToContainTextAsync("Nothing passes the filter");
        await Expect(page.Locator("#shown")).ToHaveTextAsync("0 of 3");
    }

    [Fact]
    public async Task The_list_is_filtered_by_slug_app_and_user()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#filter-slug").SelectOptionAsync("other");
        await ShowsAsync(page, "other");
        await page.Locator("#filter-slug").SelectOptionAsync("");
        await page.Locator("#filter-app").SelectOptionAsync("ios-app");
        await ShowsAsync(page, "other");
        await page.Locator("#filter-app").SelectOptionAsync("");
        await page.Locator("#filter-user").FillAsync("user-1");
        await ShowsAsync(page, "first");
        await page.Locator("#filter-user").FillAsync("");
        await ShowsAsync(page, "taqsq", "other", "first");
    }

    [Fact]
    public async Task The_list_is_filtered_by_verdict()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#counters .warned").ClickAsync();
        await ShowsAsync(page, "taqsq");
        await page.Locator("#counters .rejected").ClickAsync();
        await ShowsAsync(page);
        await page.Locator("#counters .warned").ClickAsync();
        await ShowsAsync(page, "other", "first");
    }

    [Fact]
    public async Task What_arrives_later_is_filtered_too()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#filter-text").FillAsync("first");
        await emulator.AcceptsAsync(TestData.EventNamed("another"));
        await emulator.AcceptsAsync(TestData.EventNamed("first-again"));

        await ShowsAsync(page, "first-again", "first");
        await Expect(page.Locator("#shown")).ToHaveTextAsync("2 of 5");
    }

    private static Task ShowsAsync(IPage page, params string[] slugs) =>
        Expect(page.Locator(".row:visible .slug")).ToHaveTextAsync(slugs);

    /// <summary>Two events that differ in all that is filtered by, and a rejected one.</summary>
    private static async Task<MetrixEmulator> StartAsync()
    {
        var options = TestData.Options();
        options.Apps["ios-app"] = TestData.Key;
        var emulator = await MetrixEmulator.StartAsync(options);
        await emulator.AcceptsAsync(TestData.Event(
            ("eventSlug", "\"first\""), ("metrixUserId", "\"USER-1\""), ("customAttributes", """{"City":"تهران"}""")));
        await emulator.PostAsync(
            TestData.Event(("eventSlug", "\"other\""), ("customAttributes", """{"City":"Köln"}""")), app: "ios-app");
        await emulator.PostAsync(key: null).RefusalAsync(401);
        return emulator;
    }
}
