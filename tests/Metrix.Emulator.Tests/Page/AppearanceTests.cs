using Metrix.Emulator.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Metrix.Emulator.Tests.Page;

[Collection(PageCollection.Name)]
public class AppearanceTests(Browser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_follows_the_color_scheme_of_the_user_with_sufficient_contrast(ColorScheme scheme)
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator, scheme: scheme);
        await page.Locator(".row").First.ClickAsync();
        await Expect(page.Locator("#details .note").First).ToBeVisibleAsync();

        var luminance = await page.EvaluateAsync<double>(Contrast + "luminance(background(document.body))");
        Assert.Equal(scheme == ColorScheme.Dark, luminance < 0.2);
        string[] selectors =
            ["#details h2", ".facts", ".note b", ".note p", ".badge", ".time", ".fields th", "#counters b"];
        foreach (var selector in selectors)
        {
            var contrast = await page.Locator(selector).First
                .EvaluateAsync<double>($"element => {{ {Contrast} return contrast(element); }}");
            Assert.True(contrast >= 4.5, $"{selector} has a contrast of {contrast:0.0} in {scheme}");
        }
    }

    [Fact]
    public async Task Every_control_is_reachable_at_a_width_of_360_pixels()
    {
        await using var emulator = await StartAsync();
        var page = await browser.OpenAsync(emulator, width: 360, height: 640);
        string[] ids = ["pause", "faults-toggle", "clear", "filter-text", "filter-slug", "filter-app", "filter-user"];
        foreach (var id in ids)
            await AssertReachableAsync(page.Locator($"#{id}"));
        await AssertReachableAsync(page.Locator(".row .data").First);

        await page.Locator("#faults-toggle").ClickAsync();
        foreach (var control in await page.Locator("#fault-form :is(input, select, button)").AllAsync())
            await AssertReachableAsync(control);
        await page.Locator("#faults-toggle").ClickAsync();

        await page.Locator(".row").First.ClickAsync();
        await AssertReachableAsync(page.Locator("#copy-curl"));
        Assert.Equal(360, (await page.Locator("#details").BoundingBoxAsync())!.Width);
        await page.GetByText("Close").ClickAsync();
        await Expect(page.Locator("#details")).ToBeHiddenAsync();
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
    }

    [Fact]
    public async Task Persian_text_runs_from_right_to_left_without_affecting_its_neighbors()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync(
            TestData.CurrentEvent(("customAttributes", """{"کالا":"کتاب (چاپ ۲)","Size":"L"}""")));
        var page = await browser.OpenAsync(emulator);
        var pairs = page.Locator(".row").First.Locator(".pair");
        await Expect(pairs).ToHaveTextAsync(["کالاکتاب (چاپ ۲)", "SizeL"]);
        foreach (var (text, direction) in new[] { ("کتاب (چاپ ۲)", "rtl"), ("L", "ltr") })
        {
            var value = page.Locator(".row").First.GetByText(text, new() { Exact = true });
            Assert.Equal(
                direction, await value.EvaluateAsync<string>("element => getComputedStyle(element).direction"));
        }

        // In order: the Persian name is left of its value, and the Latin pair is right of both.
        var lefts = await pairs.Locator("bdi")
            .EvaluateAllAsync<double[]>("all => all.map(one => one.getBoundingClientRect().left)");
        Assert.Equal(lefts.Order(), lefts);
    }

    private const string Contrast =
        """
        const channel = value => (value /= 255) <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
        const luminance = color => {
          const [r, g, b] = color.match(/[\d.]+/g).map(Number);
          return .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
        };
        const background = element => {
          const own = getComputedStyle(element).backgroundColor;
          const isTransparent = own.startsWith('rgba(') && own.endsWith(' 0)');
          return isTransparent ? background(element.parentElement) : own;
        };
        const contrast = element => {
          const colors = [getComputedStyle(element).color, background(element)];
          const [a, b] = colors.map(luminance).sort((x, y) => y - x);
          return (a + .05) / (b + .05);
        };
        """;

    private static async Task AssertReachableAsync(ILocator element)
    {
        await element.ScrollIntoViewIfNeededAsync();
        await Expect(element).ToBeVisibleAsync();
        var box = (await element.BoundingBoxAsync())!;
        Assert.True(box.X >= 0 && box.X + box.Width <= 360, $"{element} is at {box.X} to {box.X + box.Width}");
    }

    private static async Task<MetrixEmulator> StartAsync()
    {
        var emulator = await MetrixEmulator.StartAsync(TestData.Options());
        await emulator.PostAsync(TestData.CurrentEvent(("customAttributes", """{"Amount":12,"City":"تهران"}""")))
            .ReadRejectionAsync(400);
        return emulator;
    }
}
