using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class KeyboardTests(Browser browser)
{
    [Fact]
    public async Task Keys_select_open_and_close_events()
    {
        await using var emulator = await StartAsync(60);
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#list").FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await AssertSelectedAsync(page, "slug59");
        await page.Keyboard.PressAsync("ArrowDown");
        await AssertSelectedAsync(page, "slug58");
        await page.Keyboard.PressAsync("End");
        await AssertSelectedAsync(page, "slug0");
        await Expect(page.Locator(".row[aria-selected=true]")).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await AssertSelectedAsync(page, "slug1");

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#details h2")).ToHaveTextAsync("slug1");
        await Expect(page.Locator("#details h2")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#details")).ToBeHiddenAsync();
        await Expect(page.Locator("#list")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Selection_is_kept_when_more_events_arrive()
    {
        await using var emulator = await StartAsync(3);
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#list").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("newer"));

        await Expect(page.Locator(".row:visible .slug").First).ToHaveTextAsync("newer");
        await AssertSelectedAsync(page, "slug2");
    }

    [Fact]
    public async Task Shortcut_keys_work_except_while_typing()
    {
        await using var emulator = await StartAsync(1);
        var page = await browser.OpenAsync(emulator);
        await page.Keyboard.PressAsync("p");
        await Expect(page.Locator("#pause")).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#filter-text")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("p/f");
        await Expect(page.Locator("#filter-text")).ToHaveValueAsync("p/f");
        await Expect(page.Locator("#pause")).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Locator("#list").FocusAsync();
        await page.Keyboard.PressAsync("f");
        await Expect(page.Locator("#fault-answer")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Tab_reaches_every_control()
    {
        await using var emulator = await StartAsync(1);
        var page = await browser.OpenAsync(emulator);
        var reached = new List<string>();
        for (var press = 0; press < 12; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>(
                "document.activeElement.id || document.activeElement.dataset.verdict || ''"));
        }

        Assert.Equal(
            [
                "pause", "faults-toggle", "clear", "accepted", "warned", "rejected", "faulted", "filter-text",
                "filter-slug", "filter-app", "filter-user", "list",
            ],
            reached);
    }

    private static Task AssertSelectedAsync(IPage page, string slug) =>
        Expect(page.Locator(".row[aria-selected=true] .slug")).ToHaveTextAsync([slug]);

    private static async Task<MetrixEmulator> StartAsync(int events)
    {
        var emulator = await MetrixEmulator.StartAsync(TestData.Options());
        for (var index = 0; index < events; index++)
            await emulator.SendAcceptedAsync(TestData.EventWithSlug($"slug{index}"));
        return emulator;
    }
}
