using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Metrix.Tool.Tests.Support;

namespace Metrix.Tool.Tests;

public class EmulatorCommandTests
{
    private const string Event =
        """
        {
          "metrixUserId": "user", "metrixSessionId": "session", "eventSlug": "taqsq", "eventTime": "1570274953412",
          "advertisingId": "cdda802e-fb9c-47ad-9866-0794d394c912"
        }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Emulator_prints_its_address_and_its_apps_but_no_key()
    {
        await using var process = MetrixTool.StartEmulator(
            "--port", "0", "--app", $"android:{MetrixTool.Key}", "--app", "ios:key:with:colons");
        var address = await process.ReadAddressAsync();

        Assert.Equal("127.0.0.1", address.Host);
        Assert.Equal("It knows the apps android, ios.", await process.ReadLineAsync());
        Assert.Equal(HttpStatusCode.OK, await PostAsync(address, "android", MetrixTool.Key));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(address, "ios", "key:with:colons"));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(address, "ios", MetrixTool.Key));
    }

    [Fact]
    public async Task Emulator_accepts_every_app_when_no_app_is_named()
    {
        await using var process = MetrixTool.StartEmulator("--port", "0");
        var address = await process.ReadAddressAsync();

        Assert.Equal("It accepts every app id with any key.", await process.ReadLineAsync());
        Assert.Equal(HttpStatusCode.OK, await PostAsync(address, "any", "any"));
    }

    [Fact]
    public async Task Emulator_knows_the_names_of_the_slugs_that_are_given()
    {
        await using var process = MetrixTool.StartEmulator("--port", "0", "--slug", "Purchase=taqsq");
        var address = await process.ReadAddressAsync();
        Assert.Equal(HttpStatusCode.OK, await PostAsync(address, "any", "any"));
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var detail = await client.GetStringAsync(new Uri(address, "api/events/1"), Cancel);

        Assert.Contains("\"eventName\":\"Purchase\"", detail);
    }

    [Fact]
    public async Task Emulator_warns_when_it_listens_on_an_address_that_others_can_reach()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        await using var process = MetrixTool.StartEmulator("--port", "0", "--address", "0.0.0.0");
        await process.ReadAddressAsync();
        await process.TerminateAsync();

        var output = await process.ReadToEndAsync();
        Assert.Contains("Other machines can reach the emulator and read what arrived.", output);
    }

    [Fact]
    public async Task Emulator_ignores_the_settings_of_other_applications()
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(directory.FullName, "appsettings.json"),
                """{"Urls":"http://192.0.2.7:1","Kestrel":{"Endpoints":{"A":{"Url":"http://192.0.2.7:1"}}}}""",
                Cancel);
            await using var process = ChildProcess.StartIn(
                directory.FullName,
                "metrix",
                ["emulator", "--port", "0"],
                ("ASPNETCORE_URLS", "http://192.0.2.7:1"),
                ("ASPNETCORE_HTTP_PORTS", "1"),
                ("HTTP_PORTS", "1"),
                ("DOTNET_URLS", "http://192.0.2.7:1"),
                ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Nowhere"),
                ("ASPNETCORE_Kestrel__Endpoints__A__Url", "http://192.0.2.7:1"),
                ("Logging__LogLevel__Default", "Trace"));
            var address = await process.ReadAddressAsync();

            Assert.Equal("127.0.0.1", address.Host);
            Assert.Equal(HttpStatusCode.OK, await PostAsync(address, "any", "any"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Emulator_exits_with_0_on_SIGTERM_and_prints_only_its_introduction()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        await using var process = MetrixTool.StartEmulator("--port", "0", "--app", $"android:{MetrixTool.Key}");
        var address = await process.ReadAddressAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(address, "android", "wrong"));

        Assert.Equal(0, await process.TerminateAsync());
        Assert.Equal(
            $"""
            It knows the apps android.
            Open {address} in a browser to see each event as it arrives.
            Scripts can read {address}api/events.
            Press Ctrl+C to stop it.

            """,
            await process.ReadToEndAsync());
        Assert.Equal("", await process.ReadErrorsAsync());
    }

    [Fact]
    public async Task Emulator_accepts_the_events_of_metrix_send_and_rejects_a_wrong_key()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        await using var process = MetrixTool.StartEmulator("--port", "0", "--app", $"app:{MetrixTool.Key}");
        var address = await process.ReadAddressAsync();
        string[] send = ["send", "--app-id", "app", "--slug", "taqsq", "--endpoint", address.ToString()];
        Assert.Equal(0, (await MetrixTool.RunAsync(send, "", ("METRIX_DEV_KEY", MetrixTool.Key))).ExitCode);
        var rejected = await MetrixTool.RunAsync(send, "", ("METRIX_DEV_KEY", "another"));
        Assert.Equal(1, rejected.ExitCode);
        Assert.Contains("The key is not the key of this app", rejected.Output);

        using var client = new HttpClient();
        var stats = await client.GetFromJsonAsync<JsonElement>(new Uri(address, "api/stats"), Cancel);
        Assert.Equal(1, stats.GetProperty("accepted").GetInt32());
        Assert.Equal(0, await process.TerminateAsync());
    }

    [Theory]
    [InlineData("--port takes a number from 0 to 65535.", "--port", "many")]
    [InlineData("--port takes a number from 0 to 65535.", "--port", "65536")]
    [InlineData("--port takes a number from 0 to 65535.", "--port", "70000")]
    [InlineData("--port takes a number from 0 to 65535.", "--port", "abc")]
    [InlineData("Required argument missing for option: '--port'.", "--port")]
    [InlineData("--address takes an IP address.", "--address", "here")]
    [InlineData("--address takes an IP address.", "--address", "nowhere")]
    [InlineData("--app takes ID:KEY.", "--app", MetrixTool.Key)]
    [InlineData("--app takes ID:KEY.", "--app", ":" + MetrixTool.Key)]
    [InlineData("--app takes ID:KEY.", "--app", "no-key")]
    [InlineData("--app takes ID:KEY.", "--app", "app: ")]
    [InlineData("--app names an app twice.", "--app", "a:" + MetrixTool.Key, "--app", "a:" + MetrixTool.Key)]
    [InlineData("--slug takes NAME=SLUG.", "--slug", MetrixTool.Key)]
    [InlineData("--slug names an event twice.", "--slug", "Purchase=taqsq", "--slug", "Purchase=qzrtw")]
    [InlineData("An argument is unknown.", MetrixTool.Key)]
    [InlineData("An argument is unknown.", "--ap", "a:" + MetrixTool.Key)]
    public async Task Emulator_explains_a_wrong_argument_without_quoting_it(string error, params string[] arguments)
    {
        // RunAsync also asserts that the output does not contain the key.
        var result = await MetrixTool.RunAsync(["emulator", .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith(error, result.Error);
        Assert.Contains("Usage:", result.Error);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Emulator_fails_when_its_port_is_in_use()
    {
        await using var emulator = await MetrixEmulator.StartAsync(cancellationToken: Cancel);
        var result = await MetrixTool.RunAsync("emulator", "--port", $"{emulator.Endpoint.Port}");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("address already in use", result.Error);
    }

    private static async Task<HttpStatusCode> PostAsync(Uri address, string app, string key)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"inappevent/{app}"));
        request.Content = new StringContent(Event, null, "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", key);
        using var answer = await client.SendAsync(request, Cancel);
        return answer.StatusCode;
    }
}
