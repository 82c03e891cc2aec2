using System.Text;
using System.Text.RegularExpressions;
using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class LoadTests(Browser browser)
{
    private const int MaxRows = 100_000;

    [Fact]
    public async Task Page_stays_responsive_and_bounded_with_100_000_events_and_500_more_per_second()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options());
        await SendAsync(emulator, MaxRows);
        var page = await browser.OpenAsync(emulator);
        await Expect(page.Locator("#shown")).ToHaveTextAsync("100,000 kept", new() { Timeout = 30_000 });

        // A scrolled list is the harder case: its scroll position moves with every new row on top.
        await page.Locator("#list").EvaluateAsync("list => list.scrollTop = list.scrollHeight / 2");
        var processor = await page.Context.NewCDPSessionAsync(page);
        await processor.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });
        var before = await ReadTaskSecondsAsync(processor);
        for (var tenth = 0; tenth < 20; tenth++)
        {
            var pace = Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            await SendAsync(emulator, 50);
            await pace;
        }

        await Expect(page.Locator("#newer")).ToHaveTextAsync("↑ 1,000 new", new() { Timeout = 15_000 });
        var seconds = await ReadTaskSecondsAsync(processor) - before;
        Assert.True(seconds < 1, $"Two seconds of arrivals took {seconds:0.00} s of the page's thread.");

        await page.Locator("#filter-text").FillAsync("nowhere");
        await Expect(page.Locator("#shown")).ToHaveTextAsync("0 of 101,000", new() { Timeout = 15_000 });
        await page.Locator("#filter-text").FillAsync("");
        Assert.InRange(await page.Locator(".row").CountAsync(), 1, 60);

        // The page drops the oldest rows when it has a tenth more than its limit.
        await SendAsync(emulator, 10_000);
        await Expect(page.Locator("#counters .warned b")).ToHaveTextAsync("111,000", new() { Timeout = 15_000 });
        await Expect(page.Locator("#shown"))
            .ToHaveTextAsync(new Regex("^10\\d,\\d\\d\\d kept$"), new() { Timeout = 15_000 });
        Assert.Equal(MaxRows, emulator.Events.Count);
    }

    /// <summary>
    /// Reads the processor time of the page's thread, in seconds. On a busy machine, the time between frames would
    /// depend on other processes.
    /// </summary>
    private static async Task<double> ReadTaskSecondsAsync(ICDPSession processor)
    {
        var answer = await processor.SendAsync("Performance.getMetrics");
        return answer!.Value.GetProperty("metrics").EnumerateArray()
            .First(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
    }

    /// <summary>Sends events on one connection with pipelining: it does not wait for each answer.</summary>
    private static async Task SendAsync(MetrixEmulator emulator, int events)
    {
        using var connection = await RawConnection.OpenAsync(emulator);
        var request = RawConnection.Request(
            $"POST /inappevent/{TestData.App} HTTP/1.1",
            $"Authorization: {TestData.Key}\nContent-Type: application/json\n",
            TestData.Event(
                ("customAttributes", """{"City":"تهران","Product":"Saffron"}"""),
                ("customMetrics", """{"Amount":12.5}""")));
        var batch = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(request, Math.Min(events, 500))));
        for (var sent = 0; sent < events; sent += 500)
        {
            await connection.SendAsync(batch);
            // The last character of an answer's body. It does not occur anywhere else in an answer.
            await connection.SkipUntilAsync('}', Math.Min(events, 500));
        }
    }
}
