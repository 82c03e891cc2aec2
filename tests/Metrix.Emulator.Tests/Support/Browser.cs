using Microsoft.Playwright;

namespace Metrix.Emulator.Tests.Support;

/// <summary>
/// The Chromium that the machine has, one for all tests of a class; nothing is downloaded. Without one the tests are
/// skipped, unless METRIX_REQUIRE_BROWSER is 1: then they fail.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

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
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A window of its own that may use the clipboard, showing the emulator's page once that is live.</summary>
    public async Task<IPage> OpenAsync(MetrixEmulator emulator, BrowserNewContextOptions? options = null)
    {
        if (_browser is null)
        {
            const string reason = "There is no Chromium here: install it, such as with apt-get install chromium.";
            if (Environment.GetEnvironmentVariable("METRIX_REQUIRE_BROWSER") == "1") Assert.Fail(reason);
            Assert.Skip(reason);
        }

        // The window of the test before: it would go on looking for its emulator, and the tests come one after the other.
        foreach (var former in _browser.Contexts) await former.CloseAsync();

        options ??= new();
        options.ViewportSize ??= new() { Width = 1280, Height = 800 };
        var context = await _browser.NewContextAsync(options);
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        context.SetDefaultTimeout(15_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync(emulator.Endpoint.ToString());
        await Assertions.Expect(page.Locator("#connection")).ToHaveTextAsync("live");
        return page;
    }
}
