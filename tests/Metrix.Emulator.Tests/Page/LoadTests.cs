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
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options());
        await SendAsync(emulator, Held);
        var page = await browser.OpenAsync(emulator);
        await Expect(page.Locator("#shown")).ToHaveTextAsync("100,000 held", new() { Timeout = 30_000 });

        // A scrolled list is the harder case: it moves along with what is added on top.
        await page.Locator("#list").EvaluateAsync("list => list.scrollTop = list.scrollHeight / 2");
        var processor = await page.Context.NewCDPSessionAsync(page);
        await processor.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });
        var before = await WorkAsync(processor);
        for (var tenth = 0; tenth < 20; tenth++)
        {
            var pace = Task.Delay(100);
            await SendAsync(emulator, 50);
            await pace;
        }

        await Expect(page.Locator("#newer")).ToHaveTextAsync("↑ 1,000 new", new() { Timeout = 15_000 });
        var seconds = await WorkAsync(processor) - before;
        Assert.True(seconds < 1, $"Two seconds of arrivals took {seconds:0.00} s of the page's thread.");

        await page.Locator("#filter-text").FillAsync("nowhere");
        await Expect(page.Locator("#shown")).ToHaveTextAsync("0 of 101,000", new() { Timeout = 15_000 });
        await page.Locator("#filter-text").FillAsync("");
        Assert.InRange(await page.Locator(".row").CountAsync(), 1, 60);

        // A tenth more than it keeps, and it forgets the oldest.
        await SendAsync(emulator, 10_000);
        await Expect(page.Locator("#counters .warned b")).ToHaveTextAsync("111,000", new() { Timeout = 15_000 });
        await Expect(page.Locator("#shown")).ToHaveTextAsync(new Regex("^10\\d,\\d\\d\\d held$"), new() { Timeout = 15_000 });
        Assert.Equal(Held, emulator.Events.Count);
    }

    /// <summary>
    /// What the page's thread has worked so far, in seconds of processor time: on a machine that is busy otherwise the time
    /// between frames tells of the others.
    /// </summary>
    private static async Task<double> WorkAsync(ICDPSession processor)
    {
        var answer = await processor.SendAsync("Performance.getMetrics");
        return answer!.Value.GetProperty("metrics").EnumerateArray()
            .First(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
    }

    /// <summary>Pipelined: a connection carries them without a wait for each answer.</summary>
    private static async Task SendAsync(MetrixEmulator emulator, int events)
    {
        using var connection = await RawConnection.OpenAsync(emulator);
        var request = RawConnection.Request(
            $"POST /inappevent/{TestData.App} HTTP/1.1",
            $"Authorization: {TestData.Key}\nContent-Type: application/json\n",
            TestData.Event(("customAttributes", """{"City":"تهران","Product":"Saffron"}"""), ("customMetrics", """{"Amount":12.5}""")));
        var batch = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(request, Math.Min(events, 500))));
        for (var sent = 0; sent < events; sent += 500)
        {
            await connection.SendAsync(batch);
            // The end of an answer's body, which stands nowhere else in it.
            await connection.SkipAsync('}', Math.Min(events, 500));
        }
    }
}
