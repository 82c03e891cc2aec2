using System.Text;
using System.Text.RegularExpressions;
using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class LoadTests(Browser browser)
{
    private const int Held = 100_000;

    [Fact]
    public async Task A_hundred_thousand_events_and_five_hundred_a_second_leave_it_responsive_and_bounded()
    {
        await using var emulator = await MetrixEmulator.StartAsync(Some.Options());
        await SendAsync(emulator, Held);
        var page = await browser.OpenAsync(emulator);
        await Expect(page.Locator("#shown")).ToHaveTextAsync("100,000 held", new() { Timeout = 30_000 });

        // A scrolled list is the harder case: it moves along with what is added on top.
        await page.Locator("#list").EvaluateAsync("list => list.scrollTop = list.scrollHeight / 2");
        await page.EvaluateAsync(
            """
            window.longest = 0;
            let last = performance.now();
            const watch = now => { window.longest = Math.max(window.longest, now - last); last = now; requestAnimationFrame(watch); };
            requestAnimationFrame(watch);
            """);
        for (var tenth = 0; tenth < 20; tenth++)
        {
            var pace = Task.Delay(100);
            await SendAsync(emulator, 50);
            await pace;
        }

        await Expect(page.Locator("#newer")).ToHaveTextAsync("↑ 1,000 new");
        await page.Locator("#filter-text").FillAsync("nowhere");
        await Expect(page.Locator("#shown")).ToHaveTextAsync("0 of 101,000");
        await page.Locator("#filter-text").FillAsync("");
        var longest = await page.EvaluateAsync<double>("window.longest");
        Assert.True(longest < 1_000, $"It stood still for {longest} ms.");
        Assert.InRange(await page.Locator(".row").CountAsync(), 1, 60);

        // A tenth more than it keeps, and it forgets the oldest.
        await SendAsync(emulator, 10_000);
        await Expect(page.Locator("#counters .warned b")).ToHaveTextAsync("111,000");
        await Expect(page.Locator("#shown")).ToHaveTextAsync(new Regex("^10\\d,\\d\\d\\d held$"));
        Assert.Equal(Held, emulator.Events.Count);
    }

    /// <summary>Pipelined: a connection carries them without a wait for each answer.</summary>
    private static async Task SendAsync(MetrixEmulator emulator, int events)
    {
        using var connection = await RawConnection.OpenAsync(emulator);
        var request = RawConnection.Request(
            $"POST /inappevent/{Some.App} HTTP/1.1",
            $"Authorization: {Some.Key}\nContent-Type: application/json\n",
            Some.Event(("customAttributes", """{"City":"تهران","Product":"Saffron"}"""), ("customMetrics", """{"Amount":12.5}""")));
        var batch = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(request, Math.Min(events, 500))));
        for (var sent = 0; sent < events; sent += 500)
        {
            await connection.SendAsync(batch);
            // The end of an answer's body, which stands nowhere else in it.
            await connection.SkipAsync('}', Math.Min(events, 500));
        }
    }
}
