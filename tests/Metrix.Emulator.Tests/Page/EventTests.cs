using System.Text.RegularExpressions;
using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class EventTests(Browser browser)
{
    [Fact]
    public async Task An_opened_event_shows_its_fields_in_order_with_the_remark_at_the_field()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync(TestData.EventNow(("customMetrics", """{"_revenue":12.5}"""), ("customAttributes", """{"City":"تهران"}""")));
        var page = await OpenedAsync(emulator);

        await Expect(page.Locator(".fields tr:not(.heading) th")).ToHaveTextAsync(
            ["metrixUserId", "metrixSessionId", "advertisingId", "eventSlug", "eventTime", "_revenue", "City"]);
        await Expect(page.Locator(".fields .field-remark")).ToHaveCountAsync(1);
        await Expect(page.Locator("tr[data-field='customMetrics._revenue'] .field-remark.warned")).ToContainTextAsync("has no currency");
        await Expect(page.Locator("[data-note=warning]")).ToContainTextAsync("Send customAttributes._currency beside it");
    }

    [Fact]
    public async Task A_rejected_event_says_what_the_vendor_would_say_and_what_to_do()
    {
        await using var emulator = await StartAsync();
        await emulator.PostAsync(TestData.EventNow(("eventSlug", null))).RefusalAsync(400);
        var page = await OpenedAsync(emulator);

        await Expect(page.Locator("[data-note=error] b")).ToHaveTextAsync("400 Bad Request: eventSlug is missing");
        await Expect(page.Locator("[data-note=error] p")).ToContainTextAsync("Send the slug that the panel gave the event");
        await Expect(page.Locator("tr[data-field=eventSlug]")).ToContainTextAsync("not there");
    }

    [Fact]
    public async Task It_shows_the_request_as_it_came_without_its_key_and_the_answer()
    {
        await using var emulator = await StartAsync();
        var body = TestData.EventNow(("customAttributes", """{ "a" :  "b" }"""));
        await emulator.AcceptsAsync(body);
        var page = await OpenedAsync(emulator);
        var raw = await page.Locator("#raw").TextContentAsync();

        Assert.StartsWith($"POST /inappevent/{TestData.App} HTTP/1.1\n", raw);
        Assert.Contains("\nAuthorization: [dev-key]\n", raw);
        Assert.EndsWith("\n\n" + body, raw);
        Assert.DoesNotContain(TestData.Key, await page.ContentAsync());
        await Expect(page.Locator("#answer")).ToHaveTextAsync("""200 OK {"status":"ok"}""");
    }

    [Fact]
    public async Task Another_event_is_opened_at_its_beginning()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync(TestData.EventNow(("customAttributes", $$"""{"a":"{{new string('x', 10_000)}}"}""")));
        await emulator.AcceptsAsync(TestData.EventNow(("customAttributes", $$"""{"b":"{{new string('y', 10_000)}}"}""")));
        var page = await OpenedAsync(emulator);
        await page.Locator("#details").EvaluateAsync("panel => { panel.scrollTop = 300; }");
        await page.Locator("#list .row").Nth(1).ClickAsync();
        await Expect(page.Locator(".fields")).ToContainTextAsync("xxx");

        Assert.Equal(0, await page.Locator("#details").EvaluateAsync<int>("panel => panel.scrollTop"));
    }

    [Fact]
    public async Task What_comes_of_the_same_kind_is_told_in_the_open_event_and_takes_no_focus()
    {
        await using var emulator = await StartAsync();
        var body = TestData.EventNow(("customAttributes", """{"a":"b"}"""));
        await emulator.AcceptsAsync(body);
        var page = await OpenedAsync(emulator);
        await page.Locator("#copy-curl").FocusAsync();
        await emulator.AcceptsAsync(body.Replace("\"b\"", "\"c\""));

        await Expect(page.Locator("[data-note=duplicates]")).ToContainTextAsync("Accepted 2 times");
        await Expect(page.Locator("#copy-curl")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task It_tells_how_long_after_its_time_it_arrived()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync(TestData.Event(("eventTime", $"\"{DateTimeOffset.UtcNow.AddHours(-5).ToUnixTimeMilliseconds()}\"")));
        var page = await OpenedAsync(emulator);

        await Expect(page.Locator("#details .facts").First).ToContainTextAsync("5 h after its eventTime");
    }

    [Fact]
    public async Task It_is_copied_as_curl_with_a_place_for_the_key()
    {
        await using var emulator = await StartAsync();
        var body = TestData.EventNow(("customAttributes", """{"a":"it's $HOME"}"""));
        await emulator.AcceptsAsync(body);
        var page = await OpenedAsync(emulator);
        await page.Locator("#copy-curl").ClickAsync();
        await Expect(page.Locator("#copy-curl")).ToHaveTextAsync("Copied");
        var command = await page.EvaluateAsync<string>("navigator.clipboard.readText()");

        Assert.Equal(
            $"curl -X POST '{emulator.Endpoint}inappevent/{TestData.App}' \\\n  -H \"Authorization: $METRIX_DEV_KEY\" \\\n" +
            $"  -H 'Content-Type: application/json' \\\n  --data-binary '{body.Replace("'", "'\\''", StringComparison.Ordinal)}'",
            command);
    }

    [Fact]
    public async Task The_retries_of_one_event_are_shown_together_and_as_they_come()
    {
        await using var emulator = await StartAsync();
        emulator.Faults = [new EmulatorFault { StatusCode = 503, Requests = 2 }];
        var body = TestData.EventNow();
        await emulator.PostAsync(body);
        await emulator.PostAsync(TestData.EventNamed("other"));
        var page = await browser.OpenAsync(emulator);
        await page.Locator(".row", new() { HasText = "taqsq" }).ClickAsync();
        await Expect(page.Locator("#details h2")).ToHaveTextAsync("taqsq");

        await emulator.AcceptsAsync(body);
        await Expect(page.Locator(".attempts .badge")).ToHaveTextAsync(["⚡ 503", "✓ 200"]);
        await Expect(page.Locator(".row:visible .attempt")).ToHaveTextAsync(["↻ 2"]);

        await page.GetByText("Only these in the list").ClickAsync();
        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(2);
        await page.Locator("#filter-same").ClickAsync();
        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Duplicates_are_told_and_lead_to_each_other()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync();
        await emulator.AcceptsAsync(TestData.Event(("customAttributes", """{"second":"yes"}""")));
        var page = await OpenedAsync(emulator);
        await Expect(page.Locator("[data-note=duplicates]")).ToContainTextAsync("Accepted 2 times");
        await Expect(page.Locator("tr[data-field='customAttributes.second']")).ToBeVisibleAsync();

        await page.Locator("[data-note=duplicates] button").ClickAsync();
        await Expect(page.Locator("#details .facts").First).ToContainTextAsync("no. 1");
    }

    [Fact]
    public async Task An_answer_that_was_withheld_is_told()
    {
        await using var emulator = await StartAsync();
        emulator.Faults = [new EmulatorFault { CloseConnection = true, Requests = 1 }];
        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.PostAsync());
        var page = await OpenedAsync(emulator);

        await Expect(page.Locator("#answer")).ToHaveTextAsync("none; the connection was closed");
        await Expect(page.Locator(".row:visible .badge")).ToHaveTextAsync(new Regex("closed"));
    }

    /// <summary>The page with its newest event opened.</summary>
    private async Task<IPage> OpenedAsync(MetrixEmulator emulator)
    {
        var page = await browser.OpenAsync(emulator);
        await page.Locator(".row").First.ClickAsync();
        await Expect(page.Locator("#details h2")).ToBeVisibleAsync();
        return page;
    }

    private static Task<MetrixEmulator> StartAsync() => MetrixEmulator.StartAsync(TestData.Options());
}
