using System.Diagnostics;
using Metrix.AspNetCore.Tests.Support;
using Metrix.Emulator;

namespace Metrix.AspNetCore.Tests.Hosting;

/// <summary>
/// An application whose code knows nothing of Metrix or OpenTelemetry, as a program of its own: the environment alone
/// enables it.
/// </summary>
public class HostingStartupTests
{
    [Fact]
    public async Task The_environment_alone_enables_it()
    {
        await using var emulator = await MetrixEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { ["your-app-id"] = "your-dev-key" } });
        await using (var app = await PlainApp.StartAsync(
            ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Metrix.AspNetCore"),
            ("Metrix__AppId", "your-app-id"),
            ("Metrix__DevKey", "your-dev-key"),
            ("Metrix__Endpoint", emulator.Endpoint.ToString()),
            ("Metrix__Slugs__Purchase", "taqsq"),
            ("Metrix__Slugs__POST /checkout__Slug", "xkcvb"),
            ("Metrix__Slugs__POST /checkout__When__http.response.status_code", "200..299")))
        {
            await app.Client.SendAsync(new User(2).Post("/checkout?amount=5"), TestContext.Current.CancellationToken);
            await app.Client.SendAsync(new User(3).Post("/checkout?amount=0"), TestContext.Current.CancellationToken);
            await app.StopAsync();
        }

        Assert.Equal(
            [("taqsq", new User(2).UserId), ("xkcvb", new User(2).UserId)],
            emulator.Events.Select(e => (e.EventSlug, e.MetrixUserId)).Order());
        Assert.Empty(emulator.Rejected);
    }

    [Fact]
    public async Task Without_a_section_it_changes_nothing()
    {
        await using var app = await PlainApp.StartAsync(("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Metrix.AspNetCore"));
        var response = await app.Client.SendAsync(new User(2).Post("/checkout?amount=5"), TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode);
        await app.StopAsync();
    }

    private sealed class PlainApp : IAsyncDisposable
    {
        private readonly Process _process;

        private PlainApp(Process process, Uri address)
        {
            _process = process;
            Client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = address };
        }

        public HttpClient Client { get; }

        public static async Task<PlainApp> StartAsync(params (string Name, string Value)[] environment)
        {
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
            {
                RedirectStandardOutput = true,
                WorkingDirectory = AppContext.BaseDirectory,
            };
            foreach (var argument in new[] { "exec", Path.Combine(AppContext.BaseDirectory, "Metrix.AspNetCore.PlainApp.dll"), "--urls", "http://127.0.0.1:0" })
                start.ArgumentList.Add(argument);
            foreach (var (name, value) in environment)
                start.Environment[name] = value;

            var process = Process.Start(start)!;
            const string Listening = "Now listening on: ";
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                var at = line.IndexOf(Listening, StringComparison.Ordinal);
                if (at < 0)
                    continue;

                // What it says from now on is read, so that it never waits for room.
                _ = process.StandardOutput.ReadToEndAsync();
                return new PlainApp(process, new Uri(line[(at + Listening.Length)..]));
            }

            throw new InvalidOperationException("The application did not start.");
        }

        /// <summary>Ends it as a service manager does, and waits for its end.</summary>
        public async Task StopAsync()
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));
        }

        public ValueTask DisposeAsync()
        {
            Client.Dispose();
            if (!_process.HasExited)
                _process.Kill();
            _process.Dispose();
            return default;
        }
    }
}
