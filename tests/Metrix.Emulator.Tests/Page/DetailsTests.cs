using System.Text.RegularExpressions;
using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class DetailsTests(Browser browser)
{
    [Fact]
    public async Task Details_show_the_fields_in_order_with_each_remark_at_its_field()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync(TestData.CurrentEvent(
            ("customMetrics", """{"_revenue":12.5}"""), ("customAttributes", """{"City":"تهران"}""")));
        var page = await OpenNewestAsync(emulator);

        await Expect(page.Locator(".fields tr:not(.heading) th")).ToHaveTextAsync(
            ["metrixUserId", "metrixSessionId", "advertisingId", "eventSlug", "eventTime", "_revenue", "City"]);
        await Expect(page.Locator(".fields .field-remark")).ToHaveCountAsync(1);
        await Expect(page.Locator("tr[data-field='customMetrics._revenue'] .field-remark.warned"))
            .ToContainTextAsync("has no currency");
        await Expect(page.Locator("[data-note=warning]")).ToContainTextAsync("Also send customAttributes._currency");
    }

    [Fact]
    public async Task Details_of_a_rejected_event_show_the_reason_and_advice()
    {
        await using var emulator = await StartAsync();
        await emulator.PostAsync(TestData.CurrentEvent(("eventSlug", null))).ReadRejectionAsync(400);
        var page = await OpenNewestAsync(emulator);

        await Expect(page.Locator("[data-note=error] b")).ToHaveTextAsync("400 Bad Request: eventSlug is missing");
        await Expect(page.Locator("[data-note=error] p"))
            .ToContainTextAsync("Send the slug that the panel assigned to the event");
        await Expect(page.Locator("tr[data-field=eventSlug]")).ToContainTextAsync("missing");
    }

    [Fact]
    public async Task Details_show_the_raw_request_without_its_key_and_the_answer()
    {
        await using var emulator = await StartAsync();
        var body = TestData.CurrentEvent(("customAttributes", """{ "a" :  "b" }"""));
        await emulator.SendAcceptedAsync(body);
        var page = await OpenNewestAsync(emulator);
        var raw = await page.Locator("#raw").TextContentAsync();

        Assert.StartsWith($"POST /inappevent/{TestData.App} HTTP/1.1\n", raw);
        Assert.Contains("\nAuthorization: [dev-key]\n", raw);
        Assert.EndsWith("\n\n" + body, raw);
        Assert.DoesNotContain(TestData.Key, await page.ContentAsync());
        await Expect(page.Locator("#answer")).ToHaveTextAsync("""200 OK {"status":"ok"}""");
    }

    [Fact]
    public async Task Details_of_another_event_are_scrolled_to_the_top()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync(
            TestData.CurrentEvent(("customAttributes", $$"""{"a":"{{new string('x', 10_000)}}"}""")));
        await emulator.SendAcceptedAsync(
            TestData.CurrentEvent(("customAttributes", $$"""{"b":"{{new string('y', 10_000)}}"}""")));
        var page = await OpenNewestAsync(emulator);
        await page.Locator("#details").EvaluateAsync("panel => { panel.scrollTop = 300; }");
        await page.Locator("#list .row").Nth(1).ClickAsync();
        await Expect(page.Locator(".fields")).ToContainTextAsync("xxx");

        Assert.Equal(0, await page.Locator("#details").EvaluateAsync<int>("panel => panel.scrollTop"));
    }

    [Fact]
    public async Task Open_details_show_a_new_duplicate_and_keep_the_focus()
    {
        await using var emulator = await StartAsync();
        var body = TestData.CurrentEvent(("customAttributes", """{"a":"b"}"""));
        await emulator.SendAcceptedAsync(body);
        var page = await OpenNewestAsync(emulator);
        await page.Locator("#copy-curl").FocusAsync();
        await emulator.SendAcceptedAsync(body.Replace("\"b\"", "\"c\""));

        await Expect(page.Locator("[data-note=duplicates]")).ToContainTextAsync("Accepted 2 times");
        await Expect(page.Locator("#copy-curl")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Details_show_how_long_after_its_time_an_event_arrived()
    {
        await using var emulator = await StartAsync();
        var eventTime = TimeProvider.System.GetUtcNow().AddHours(-5).ToUnixTimeMilliseconds();
        await emulator.SendAcceptedAsync(TestData.Event(("eventTime", $"\"{eventTime}\"")));
        var page = await OpenNewestAsync(emulator);

        await Expect(page.Locator("#details .facts").First).ToContainTextAsync("5 h after its eventTime");
    }

    [Fact]
    public async Task Copied_curl_command_has_a_variable_instead_of_the_key()
    {
        await using var emulator = await StartAsync();
        var body = TestData.CurrentEvent(("customAttributes", """{"a":"it's $HOME"}"""));
        await emulator.SendAcceptedAsync(body);
        var page = await OpenNewestAsync(emulator);
        await page.Locator("#copy-curl").ClickAsync();
        await Expect(page.Locator("#copy-curl")).ToHaveTextAsync("Copied");
        var command = await page.EvaluateAsync<string>("navigator.clipboard.readText()");

        Assert.Equal(
            $"curl -X POST '{emulator.Endpoint}inappevent/{TestData.App}' \\\n" +
            "  -H \"Authorization: $METRIX_DEV_KEY\" \\\n  -H 'Content-Type: application/json' \\\n" +
            $"  --data-binary '{body.Replace("'", "'\\''", StringComparison.Ordinal)}'",
            command);
    }

    [Fact]
    public async Task Details_list_the_attempts_of_an_event_as_they_arrive()
    {
        await using var emulator = await StartAsync();
        emulator.Faults = [new EmulatorFault { StatusCode = 503, Requests = 2 }];
        var body = TestData.CurrentEvent();
        await emulator.PostAsync(body);
        await emulator.PostAsync(TestData.EventWithSlug("other"));
        var page = await browser.OpenAsync(emulator);
        await page.Locator(".row", new() { HasText = "taqsq" }).ClickAsync();
        await Expect(page.Locator("#details h2")).ToHaveTextAsync("taqsq");

        await emulator.SendAcceptedAsync(body);
        await Expect(page.Locator(".attempts .badge")).ToHaveTextAsync(["⚡ 503", "✓ 200"]);
        await Expect(page.Locator(".row:visible .attempt")).ToHaveTextAsync(["↻ 2"]);

        await page.GetByText("Show only these in the list").ClickAsync();
        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(2);
        await page.Locator("#filter-same").ClickAsync();
        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Details_link_to_the_duplicates_of_an_event()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync();
        await emulator.SendAcceptedAsync(TestData.Event(("customAttributes", """{"second":"yes"}""")));
        var page = await OpenNewestAsync(emulator);
        await Expect(page.Locator("[data-note=duplicates]")).ToContainTextAsync("Accepted 2 times");
        await Expect(page.Locator("tr[data-field='customAttributes.second']")).ToBeVisibleAsync();

        await page.Locator("[data-note=duplicates] button").ClickAsync();
        await Expect(page.Locator("#details .facts").First).ToContainTextAsync("no. 1");
    }

    [Fact]
    public async Task Details_show_that_an_answer_was_withheld()
    {
        await using var emulator = await StartAsync();
        emulator.Faults = [new EmulatorFault { CloseConnection = true, Requests = 1 }];
        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.PostAsync());
        var page = await OpenNewestAsync(emulator);

        await Expect(page.Locator("#answer")).ToHaveTextAsync("none; the connection was closed");
        await Expect(page.Locator(".row:visible .badge")).ToHaveTextAsync(new Regex("closed"));
    }

    /// <summary>Opens the page and the details of its newest event.</summary>
    private async Task<IPage> OpenNewestAsync(MetrixEmulator emulator)
    {
        var page = await browser.OpenAsync(emulator);
        await page.Locator(".row").First.ClickAsync();
        await Expect(page.Locator("#details h2")).ToBeVisibleAsync();
        return page;
    }

    private static Task<MetrixEmulator> StartAsync() => MetrixEmulator.StartAsync(TestData.Options());
}
