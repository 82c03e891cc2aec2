using System.Text.RegularExpressions;
using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class ListTests(Browser browser)
{
    [Fact]
    public async Task Row_of_a_new_event_shows_all_its_columns()
    {
        var options = TestData.Options();
        options.Slugs["Purchase"] = "taqsq";
        await using var emulator = await MetrixEmulator.StartAsync(options);
        var page = await browser.OpenAsync(emulator);
        await Expect(page.Locator("#empty")).ToContainTextAsync($"{emulator.Endpoint}inappevent/");

        await emulator.SendAcceptedAsync(TestData.CurrentEvent(
            ("customAttributes", """{"City":"تهران"}"""), ("customMetrics", """{"_price":12.5}""")));
        var row = page.Locator(".row:visible");

        await Expect(row).ToHaveCountAsync(1);
        await Expect(row.Locator(".time")).ToHaveTextAsync(new Regex(@"^\d\d:\d\d:\d\d\.\d\d\d$"));
        await Expect(row.Locator(".event-name")).ToHaveTextAsync("Purchase");
        await Expect(row.Locator(".slug")).ToHaveTextAsync("taqsq");
        await Expect(row.Locator(".app")).ToHaveTextAsync(TestData.App);
        await Expect(row.Locator(".platform")).ToHaveTextAsync("Android");
        await Expect(row.Locator(".user")).ToHaveTextAsync("mx-user-1001");
        await Expect(row.Locator(".badge.accepted")).ToHaveTextAsync("✓ 200");
        await Expect(row.Locator(".pair")).ToHaveTextAsync(["Cityتهران", "_price12.5"]);
        await Expect(page.Locator("#empty")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task New_events_are_on_top()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("older"));
        var page = await browser.OpenAsync(emulator);
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("newer"));

        await Expect(page.Locator(".row:visible .slug")).ToHaveTextAsync(["newer", "older"]);
    }

    [Fact]
    public async Task New_events_do_not_move_the_visible_rows()
    {
        await using var emulator = await StartAsync();
        for (var index = 0; index < 100; index++)
            await emulator.SendAcceptedAsync(TestData.EventWithSlug($"slug{index}"));
        var page = await browser.OpenAsync(emulator);
        var read = page.Locator(".row", new() { HasText = "slug50" });
        await page.Locator("#list").EvaluateAsync("list => list.scrollTop = 40 * 38");
        await Expect(read).ToBeVisibleAsync();
        var before = await read.BoundingBoxAsync();

        for (var index = 0; index < 7; index++) await emulator.SendAcceptedAsync(TestData.EventWithSlug("later"));
        await Expect(page.Locator("#newer")).ToHaveTextAsync("↑ 7 new");
        var after = await read.BoundingBoxAsync();
        Assert.Equal(before!.Y, after!.Y);

        await page.Locator("#newer").ClickAsync();
        await Expect(page.Locator(".row:visible .slug").First).ToHaveTextAsync("later");
        await Expect(page.Locator("#newer")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Pause_holds_back_new_events_and_counts_them()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#pause").ClickAsync();
        await emulator.SendAcceptedAsync();
        await emulator.SendAcceptedAsync();
        await Expect(page.Locator("#pause")).ToHaveTextAsync("Resume (2)");
        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(0);

        await page.Locator("#pause").ClickAsync();
        await Expect(page.Locator("#pause")).ToHaveTextAsync("Pause");
        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Counters_count_requests_by_verdict()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await emulator.SendAcceptedAsync(TestData.CurrentEvent());
        await emulator.SendAcceptedAsync();
        await emulator.SendAcceptedAsync();
        await emulator.PostAsync(key: null).ReadRejectionAsync(401);
        emulator.Faults = [new EmulatorFault { StatusCode = 503, Requests = 1 }];
        await emulator.PostAsync(TestData.CurrentEvent());

        await Expect(page.Locator("#counters b")).ToHaveTextAsync(["1", "2", "1", "1"]);
        await Expect(page.Locator(".row:visible .badge"))
            .ToHaveTextAsync(["⚡ 503", "✕ 401", "! 200", "! 200", "✓ 200"]);
    }

    [Fact]
    public async Task Chart_shows_the_current_minute_by_verdict()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator);
        await emulator.SendAcceptedAsync(TestData.CurrentEvent());
        await emulator.PostAsync(key: null).ReadRejectionAsync(401);

        await Expect(page.Locator("#chart svg")).ToHaveAttributeAsync(
            "aria-label", new Regex("^Events per minute by verdict: 2 in the last hour"));
        await Expect(page.Locator("#chart rect.accepted")).ToHaveCountAsync(1);
        await Expect(page.Locator("#chart rect.rejected")).ToHaveCountAsync(1);
        await Expect(page.Locator("#chart rect.warned")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Clear_removes_all_rows_and_counts()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        var page = await browser.OpenAsync(emulator);
        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(1);
        await page.Locator("#clear").ClickAsync();

        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(0);
        await Expect(page.Locator("#counters b")).ToHaveTextAsync(["0", "0", "0", "0"]);
        Assert.Empty(emulator.Events);
    }

    [Fact]
    public async Task Page_reconnects_to_a_restarted_emulator_and_shows_its_requests()
    {
        var emulator = await StartAsync();
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("former"));
        var page = await browser.OpenAsync(emulator);
        await Expect(page.Locator(".row:visible .slug")).ToHaveTextAsync(["former"]);
        var port = emulator.Endpoint.Port;
        await emulator.DisposeAsync();
        await Expect(page.Locator("#connection")).ToContainTextAsync("lost");

        var options = TestData.Options();
        options.Port = port;
        await using var successor = await MetrixEmulator.StartAsync(options);
        await successor.SendAcceptedAsync(TestData.EventWithSlug("later"));
        await Expect(page.Locator(".row:visible .slug")).ToHaveTextAsync(["later"], new() { Timeout = 15_000 });
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
    }

    private static Task<MetrixEmulator> StartAsync() => MetrixEmulator.StartAsync(TestData.Options());
}
