using System.Collections.Concurrent;
using System.Text.Json;
using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class UntrustedContentTests(Browser browser)
{
    private const string Markup =
        "<script>document.title='caught'</script><img src=x onerror=\"document.title='caught'\"><b>bold</b>";

    [Fact]
    public async Task Received_markup_is_shown_as_text_everywhere()
    {
        var options = TestData.Options();
        options.Apps.Clear();
        await using var emulator = await MetrixEmulator.StartAsync(options);
        var text = JsonSerializer.Serialize(Markup);
        emulator.Faults = [new EmulatorFault { StatusCode = 503, AppId = Markup, EventSlug = Markup }];
        await emulator.PostAsync(
            TestData.Event(
                ("eventSlug", text), ("metrixUserId", text),
                ("customAttributes", $"{{{text}:{text}}}"), ("customMetrics", $"{{{text}:1}}")),
            app: Uri.EscapeDataString(Markup + "/"));
        await emulator.PostAsync(TestData.Event((Markup.Replace("\"", "\\\"", StringComparison.Ordinal), "1")))
            .ReadRejectionAsync(400);
        await emulator.PostAsync(Markup, contentType: "text/html").ReadRejectionAsync(400);
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#faults-toggle").ClickAsync();
        await Expect(page.Locator("#fault-list")).ToContainTextAsync(Markup);
        for (var index = 0; index < 3; index++)
        {
            await page.Locator(".row:visible").Nth(index).ClickAsync();
            await Expect(page.Locator("#details .facts").First).ToContainTextAsync($"no. {3 - index}");
            await Expect(page.Locator("#details")).ToContainTextAsync("<b>bold</b>");
            await Expect(page.Locator("main :is(script, img, b b)")).ToHaveCountAsync(0);
        }

        await Expect(page.Locator(".row:visible .slug").Last).ToContainTextAsync("<script>");
        Assert.Equal("Metrix emulator", await page.TitleAsync());
    }

    [Fact]
    public async Task Content_security_policy_blocks_injected_markup_and_foreign_content()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options());
        var page = await browser.OpenAsync(emulator);

        Assert.Equal("TypeError", await page.EvaluateAsync<string>(
            "try { document.body.innerHTML = '<b>x</b>'; 'taken' } catch (error) { error.name }"));
        Assert.Equal("refused", await page.EvaluateAsync<string>(
            """
            new Promise(done => {
              const script = document.createElement('img');
              script.onload = () => done('taken');
              script.onerror = () => done('refused');
              script.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';
            })
            """));
    }

    [Fact]
    public async Task Page_loads_only_its_own_files_and_logs_no_error()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options());
        await emulator.SendAcceptedAsync();
        var page = await browser.OpenAsync(emulator);
        var requests = new ConcurrentQueue<string>();
        var messages = new ConcurrentQueue<string>();
        page.Request += (_, request) => requests.Enqueue(request.Url);
        page.Console += (_, message) => messages.Enqueue(message.Text);
        page.PageError += (_, error) => messages.Enqueue(error);
        await page.ReloadAsync();
        await page.Locator(".row").First.ClickAsync();
        await Expect(page.Locator("#details h2")).ToBeVisibleAsync();

        Assert.Contains($"{emulator.Endpoint}page/main.js", requests);
        Assert.All(requests, url => Assert.StartsWith(emulator.Endpoint.ToString(), url));
        Assert.Empty(messages);
    }

    [Fact]
    public async Task Value_of_ten_kilobytes_is_shown_completely_without_breaking_the_layout()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options());
        var latin = new string('x', 10_240);
        var persian = string.Concat(Enumerable.Repeat("سلام دنیا ", 1_024));
        await emulator.SendAcceptedAsync(
            TestData.Event(("customAttributes", JsonSerializer.Serialize(new { latin, persian }))));
        var page = await browser.OpenAsync(emulator);
        var row = page.Locator(".row:visible");
        await Expect(row).ToHaveCountAsync(1);
        Assert.Equal(38, (await row.BoundingBoxAsync())!.Height);
        await row.ClickAsync();

        await Expect(page.Locator("tr[data-field='customAttributes.latin'] .value")).ToHaveTextAsync(latin);
        Assert.Equal(
            persian, await page.Locator("tr[data-field='customAttributes.persian'] .value").TextContentAsync());
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
    }
}
