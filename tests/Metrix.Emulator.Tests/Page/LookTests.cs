using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class LookTests(Browser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task It_is_light_or_dark_as_the_user_has_it_and_can_be_read(ColorScheme scheme)
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator, scheme: scheme);
        await page.Locator(".row").First.ClickAsync();
        await Expect(page.Locator("#details .note").First).ToBeVisibleAsync();

        Assert.Equal(scheme == ColorScheme.Dark, await page.EvaluateAsync<double>(Contrast + "light(background(document.body))") < 0.2);
        foreach (var text in (string[])["#details h2", ".facts", ".note b", ".note p", ".badge", ".time", ".fields th", "#counters b"])
        {
            var contrast = await page.Locator(text).First.EvaluateAsync<double>($"element => {{ {Contrast} return contrast(element); }}");
            Assert.True(contrast >= 4.5, $"{text} has a contrast of {contrast:0.0} in {scheme}");
        }
    }

    [Fact]
    public async Task At_360_pixels_all_is_within_reach()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator, width: 360, height: 640);
        foreach (var id in (string[])["pause", "faults-toggle", "clear", "filter-text", "filter-slug", "filter-app", "filter-user"])
            await InReachAsync(page.Locator($"#{id}"));
        await InReachAsync(page.Locator(".row .data").First);

        await page.Locator("#faults-toggle").ClickAsync();
        foreach (var control in await page.Locator("#fault-form :is(input, select, button)").AllAsync()) await InReachAsync(control);
        await page.Locator("#faults-toggle").ClickAsync();

        await page.Locator(".row").First.ClickAsync();
        await InReachAsync(page.Locator("#copy-curl"));
        Assert.Equal(360, (await page.Locator("#details").BoundingBoxAsync())!.Width);
        await page.GetByText("Close").ClickAsync();
        await Expect(page.Locator("#details")).ToBeHiddenAsync();
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
    }

    [Fact]
    public async Task Persian_text_runs_from_right_to_left_and_leaves_its_neighbours_alone()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync(TestData.EventNow(("customAttributes", """{"کالا":"کتاب (چاپ ۲)","Size":"L"}""")));
        var page = await browser.OpenAsync(emulator);
        var pairs = page.Locator(".row").First.Locator(".pair");
        await Expect(pairs).ToHaveTextAsync(["کالاکتاب (چاپ ۲)", "SizeL"]);
        foreach (var (text, direction) in new[] { ("کتاب (چاپ ۲)", "rtl"), ("L", "ltr") })
        {
            var value = page.Locator(".row").First.GetByText(text, new() { Exact = true });
            Assert.Equal(direction, await value.EvaluateAsync<string>("element => getComputedStyle(element).direction"));
        }

        // In order: the Persian name stands left of its value, and the Latin pair right of both.
        var lefts = await pairs.Locator("bdi").EvaluateAllAsync<double[]>("all => all.map(one => one.getBoundingClientRect().left)");
        Assert.Equal(lefts.Order(), lefts);
    }

    private const string Contrast =
        """
        const channel = value => (value /= 255) <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
        const light = color => { const [r, g, b] = color.match(/[\d.]+/g).map(Number); return .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b); };
        const background = element => { const own = getComputedStyle(element).backgroundColor; return own.startsWith('rgba(') && own.endsWith(' 0)') ? background(element.parentElement) : own; };
        const contrast = element => { const [a, b] = [light(getComputedStyle(element).color), light(background(element))].sort((x, y) => y - x); return (a + .05) / (b + .05); };
        """;

    private static async Task InReachAsync(ILocator element)
    {
        await element.ScrollIntoViewIfNeededAsync();
        await Expect(element).ToBeVisibleAsync();
        var box = (await element.BoundingBoxAsync())!;
        Assert.True(box.X >= 0 && box.X + box.Width <= 360, $"{element} is at {box.X} to {box.X + box.Width}");
    }

    private static async Task<MetrixEmulator> StartAsync()
    {
        var emulator = await MetrixEmulator.StartAsync(TestData.Options());
        await emulator.PostAsync(TestData.EventNow(("customAttributes", """{"Amount":12,"City":"تهران"}"""))).RefusalAsync(400);
        return emulator;
    }
}
