using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class FaultPanelTests(Browser browser)
{
    [Fact]
    public async Task Panel_sets_a_fault_with_all_its_conditions()
    {
        await using var emulator = await StartAsync();
        var page = await OpenPanelAsync(emulator);
        await page.Locator("#fault-answer").SelectOptionAsync("429");
        await page.Locator("#fault-delay").FillAsync("250");
        await page.Locator("#fault-requests").FillAsync("3");
        await page.Locator("#fault-share").FillAsync("50");
        await page.Locator("#fault-app").FillAsync(TestData.App);
        await page.Locator("#fault-slug").FillAsync("taqsq");
        await page.GetByText("Add fault").ClickAsync();

        await Expect(page.Locator("#fault-list li")).ToContainTextAsync(
            [
                "Answer 429 after 250 ms to 50 % of the requests of the app android-app with the slug taqsq, " +
                "3 more times",
            ]);
        await Expect(page.Locator("#faults-toggle")).ToHaveTextAsync("Faults (1)");
        Assert.Equal(
            new EmulatorFault
            {
                StatusCode = 429,
                Delay = TimeSpan.FromMilliseconds(250),
                Requests = 3,
                Share = 0.5,
                AppId = TestData.App,
                EventSlug = "taqsq",
            },
            Assert.Single(emulator.Faults));
    }

    [Fact]
    public async Task Panel_offers_every_kind_of_answer()
    {
        await using var emulator = await StartAsync();
        var page = await OpenPanelAsync(emulator);
        string[] answers = ["400", "401", "403", "429", "500", "503", "own", "never", "close"];
        for (var index = 0; index < answers.Length; index++)
        {
            await page.Locator("#fault-answer").SelectOptionAsync(answers[index]);
            await page.GetByText("Add fault").ClickAsync();
            await Expect(page.Locator("#fault-list li")).ToHaveCountAsync(index + 1);
        }

        Assert.Equal(
            [
                .. new[] { 400, 401, 403, 429, 500, 503 }.Select(status => new EmulatorFault { StatusCode = status }),
                new EmulatorFault { Delay = TimeSpan.FromSeconds(3) },
                new EmulatorFault { NeverAnswer = true },
                new EmulatorFault { CloseConnection = true },
            ],
            emulator.Faults);
    }

    [Fact]
    public async Task Panel_counts_a_fault_down_and_then_removes_it()
    {
        await using var emulator = await StartAsync();
        emulator.Faults = [new EmulatorFault { StatusCode = 503, Requests = 2 }];
        var page = await OpenPanelAsync(emulator);
        await Expect(page.Locator("#fault-list li")).ToContainTextAsync(["2 more times"]);
        await emulator.PostAsync();
        await Expect(page.Locator("#fault-list li")).ToContainTextAsync(["1 more time"]);
        await emulator.PostAsync();
        await Expect(page.Locator("#fault-list li")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Panel_removes_one_fault_or_all()
    {
        await using var emulator = await StartAsync();
        emulator.Faults =
        [
            new EmulatorFault { StatusCode = 500 },
            new EmulatorFault { StatusCode = 503 },
            new EmulatorFault { StatusCode = 429 },
        ];
        var page = await OpenPanelAsync(emulator);
        await page.Locator("#fault-list button").Nth(1).ClickAsync();
        await Expect(page.Locator("#fault-list li")).ToHaveCountAsync(2);
        Assert.Equal([500, 429], emulator.Faults.Select(fault => fault.StatusCode));

        await page.Locator("#faults-clear").ClickAsync();
        await Expect(page.Locator("#fault-list li")).ToHaveCountAsync(0);
        Assert.Empty(emulator.Faults);
    }

    private async Task<IPage> OpenPanelAsync(MetrixEmulator emulator)
    {
        var page = await browser.OpenAsync(emulator);
        await page.Locator("#faults-toggle").ClickAsync();
        await Expect(page.Locator("#faults")).ToBeVisibleAsync();
        return page;
    }

    private static Task<MetrixEmulator> StartAsync() => MetrixEmulator.StartAsync(TestData.Options());
}
