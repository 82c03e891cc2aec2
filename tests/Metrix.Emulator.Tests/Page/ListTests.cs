using System.Text.RegularExpressions;
using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class ListTests(Browser browser)
{
    [Fact]
    public async Task An_event_is_shown_as_it_arrives_with_all_that_a_row_tells()
    {
        var options = TestData.Options();
        options.Slugs["Purchase"] = "taqsq";
        await using var emulator = await MetrixEmulator.StartAsync(options);
        var page = await browser.OpenAsync(emulator);
        await Expect(page.Locator("#empty")).ToContainTextAsync($"{emulator.Endpoint}inappevent/");

        await emulator.AcceptsAsync(TestData.EventNow(("customAttributes", """{"City":"تهران"}"""), ("customMetrics", """{"_price":12.5}""")));
        var row = page.Locator(".row:visible");

        await Expect(row).ToHaveCountAsync(1);
        await Expect(row.Locator(".time")).ToHaveTextAsync(new Regex(@"^\d\d:\d\d:\d\d\.\d\d\d$"));
        await Expect(row.Locator(".event-name")).ToHaveTextAsync("Purchase");
        await Expect(row.Locator(".slug")).ToHaveTextAsync("taqsq");
        await Expect(row.Locator(".app")).ToHaveTextAsync(TestData.App);
        await Expect(row.Locator(".platform")).ToHaveTextAsync("Android");
        await Expect(row.Locator(".user")).ToHaveTextAsync("1415211453000-6513894");
        await Expect(row.Locator(".badge.accepted")).ToHaveTextAsync("✓ 200");
        await Expect(row.Locator(".pair")).ToHaveTextAsync(["Cityتهران", "_price12.5"]);
        await Expect(page.Locator("#empty")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task New_events_stand_on_top()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync(TestData.EventNamed("older"));
        var page = await browser.OpenAsync(emulator);
        await emulator.AcceptsAsync(TestData.EventNamed("newer"));

        await Expect(page.Locator(".row:visible .slug")).ToHaveTextAsync(["newer", "older"]);
    }

    [Fact]
    public async Task New_events_do_not_move_what_is_being_read()
    {
        await using var emulator = await StartAsync();
        for (var index = 0; index < 100; index++) await emulator.AcceptsAsync(TestData.EventNamed($"slug{index}"));
        var page = await browser.OpenAsync(emulator);
        var read = page.Locator(".row", new() { HasText = "slug50" });
        await page.Locator("#list").EvaluateAsync("list => list.scrollTop = 40 * 38");
        await Expect(read).ToBeVisibleAsync();
        var before = await read.BoundingBoxAsync();

        for (var index = 0; index < 7; index++) await emulator.AcceptsAsync(TestData.EventNamed("later"));
        await Expect(page.Locator("#newer")).ToHaveTextAsync("↑ 7 new");
        var after = await read.BoundingBoxAsync();
        Assert.Equal(before!.Y, after!.Y);

        await page.Locator("#newer").ClickAsync();
        await Expect(page.Locator(".row:visible .slug").First).ToHaveTextAsync("later");
        await Expect(page.Locator("#newer")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Pausing_holds_new_events_back_and_counts_them()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#pause").ClickAsync();
        await emulator.AcceptsAsync();
        await emulator.AcceptsAsync();
        await Expect(page.Locator("#pause")).ToHaveTextAsync("Resume (2)");
        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(0);

        await page.Locator("#pause").ClickAsync();
        await Expect(page.Locator("#pause")).ToHaveTextAsync("Pause");
        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Every_verdict_is_counted()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await emulator.AcceptsAsync(TestData.EventNow());
        await emulator.AcceptsAsync();
        await emulator.AcceptsAsync();
        await emulator.PostAsync(key: null).RefusalAsync(401);
        emulator.Faults = [new EmulatorFault { StatusCode = 503, Requests = 1 }];
        await emulator.PostAsync(TestData.EventNow());

        await Expect(page.Locator("#counters b")).ToHaveTextAsync(["1", "2", "1", "1"]);
        await Expect(page.Locator(".row:visible .badge")).ToHaveTextAsync(["⚡ 503", "✕ 401", "! 200", "! 200", "✓ 200"]);
    }

    [Fact]
    public async Task The_chart_shows_the_minute_by_verdict()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await emulator.AcceptsAsync(TestData.EventNow());
        await emulator.PostAsync(key: null).RefusalAsync(401);

        await Expect(page.Locator("#chart svg")).ToHaveAttributeAsync(
            "aria-label", new Regex("^Events a minute by verdict: 2 in the last hour"));
        await Expect(page.Locator("#chart rect.accepted")).ToHaveCountAsync(1);
        await Expect(page.Locator("#chart rect.rejected")).ToHaveCountAsync(1);
        await Expect(page.Locator("#chart rect.warned")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Clear_forgets_all()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync();
        var page = await browser.OpenAsync(emulator);
        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(1);
        await page.Locator("#clear").ClickAsync();

        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(0);
        await Expect(page.Locator("#counters b")).ToHaveTextAsync(["0", "0", "0", "0"]);
        Assert.Empty(emulator.Events);
    }

    [Fact]
    public async Task A_page_that_lost_the_emulator_shows_what_its_successor_has()
    {
        var emulator = await StartAsync();
        await emulator.AcceptsAsync(TestData.EventNamed("former"));
        var page = await browser.OpenAsync(emulator);
        await Expect(page.Locator(".row:visible .slug")).ToHaveTextAsync(["former"]);
        var port = emulator.Endpoint.Port;
        await emulator.DisposeAsync();
        await Expect(page.Locator("#connection")).ToContainTextAsync("lost");

        var options = TestData.Options();
        options.Port = port;
        await using var successor = await MetrixEmulator.StartAsync(options);
        await successor.AcceptsAsync(TestData.EventNamed("later"));
        await Expect(page.Locator(".row:visible .slug")).ToHaveTextAsync(["later"], new() { Timeout = 15_000 });
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
    }

    private static Task<MetrixEmulator> StartAsync() => MetrixEmulator.StartAsync(TestData.Options());
}
