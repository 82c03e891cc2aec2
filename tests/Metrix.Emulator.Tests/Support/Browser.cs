using Microsoft.Playwright;

namespace Metrix.Emulator.Tests.Support;

/// <summary>
/// The Chromium that the machine has, one for all tests of the page; nothing is downloaded. Without one the tests are
/// skipped, unless METRIX_REQUIRE_BROWSER is 1: then they fail.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IPage? _page;

    public async ValueTask InitializeAsync()
    {
        if (Array.Find(Places, File.Exists) is not { } executable) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executable,
            Args =
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
        var context = await _browser.NewContextAsync();
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        context.SetDefaultTimeout(15_000);
        _page = await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>The emulator's page once it is live. The tests come one after the other, and share its window.</summary>
    public async Task<IPage> OpenAsync(
        MetrixEmulator emulator, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light)
    {
        if (_page is null)
        {
            const string reason = "There is no Chromium here: install it, such as with apt-get install chromium.";
            if (Environment.GetEnvironmentVariable("METRIX_REQUIRE_BROWSER") == "1") Assert.Fail(reason);
            Assert.Skip(reason);
        }

        await _page.SetViewportSizeAsync(width, height);
        await _page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await _page.GotoAsync(emulator.Endpoint.ToString());
        await Assertions.Expect(_page.Locator("#connection")).ToHaveTextAsync("live");
        return _page;
    }
}
