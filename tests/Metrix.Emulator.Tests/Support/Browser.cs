using Microsoft.Playwright;

namespace Metrix.Emulator.Tests.Support;

/// <summary>
/// Runs the installed Chromium, one instance for all tests of the page. Nothing is downloaded. Without Chromium the
/// tests are skipped, or they fail if METRIX_REQUIRE_BROWSER is 1.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Executables =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IPage? _page;

    public async ValueTask InitializeAsync()
    {
        if (Array.Find(Executables, File.Exists) is not { } executable) return;
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

    /// <summary>
    /// Opens the emulator's page and waits until it is live. The tests run one after another and share the window.
    /// </summary>
    public async Task<IPage> OpenAsync(
        MetrixEmulator emulator, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light)
    {
        if (_page is null)
        {
            const string reason = "Chromium is not installed. Install it, for example with apt-get install chromium.";
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
