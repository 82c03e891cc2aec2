using System.Diagnostics;
using System.Net;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class ProgramTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_prints_its_address_and_its_apps_but_no_key()
    {
        using var program = EmulatorProgram.Start(
            ["--port", "0", "--app", $"android:{TestData.Key}", "--app", "ios:key:with:colons"]);
        var address = await AddressAsync(program);

        Assert.Equal("127.0.0.1", address.Host);
        Assert.Equal("It knows the apps android, ios.", await program.Output.ReadLineAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(address, "android", TestData.Key));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(address, "ios", "key:with:colons"));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(address, "ios", TestData.Key));
    }

    [Fact]
    public async Task It_knows_the_names_of_the_slugs_that_it_is_told()
    {
        using var program = EmulatorProgram.Start(["--slug", "Purchase=taqsq"]);
        var address = await AddressAsync(program);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(address, "any", "any"));
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        Assert.Contains("\"eventName\":\"Purchase\"", await client.GetStringAsync(new Uri(address, "api/events/1"), Cancel));
    }

    [Fact]
    public async Task Settings_that_were_meant_for_others_do_not_reach_it()
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(directory.FullName, "appsettings.json"),
                """{"Urls":"http://192.0.2.7:1","Kestrel":{"Endpoints":{"A":{"Url":"http://192.0.2.7:1"}}}}""",
                Cancel);
            using var program = EmulatorProgram.Start(
                [],
                directory.FullName,
                ("ASPNETCORE_URLS", "http://192.0.2.7:1"),
                ("ASPNETCORE_HTTP_PORTS", "1"),
                ("HTTP_PORTS", "1"),
                ("DOTNET_URLS", "http://192.0.2.7:1"),
                ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Nowhere"),
                ("ASPNETCORE_Kestrel__Endpoints__A__Url", "http://192.0.2.7:1"),
                ("Logging__LogLevel__Default", "Trace"));
            var address = await AddressAsync(program);

            Assert.Equal("127.0.0.1", address.Host);
            Assert.Equal(HttpStatusCode.OK, await PostAsync(address, "any", "any"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task It_ends_well_when_it_is_told_to_and_has_printed_no_more_than_its_introduction()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no such signal to send.");
        using var program = EmulatorProgram.Start(["--app", $"android:{TestData.Key}"]);
        var address = await AddressAsync(program);
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(address, "android", "wrong"));
        using var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]);

        Assert.Equal(0, await program.ExitAsync());
        Assert.Equal(
            $"It knows the apps android.\nSee what arrives: {address} in a browser, {address}api/events for scripts\n",
            await program.Output.ReadToEndAsync(Cancel));
        Assert.Equal("", await program.Errors.ReadToEndAsync(Cancel));
    }

    [Theory]
    [InlineData("--port takes a number from 0 to 65535.", "--port", "many")]
    [InlineData("--port takes a number from 0 to 65535.", "--port", "65536")]
    [InlineData("--port takes a number from 0 to 65535.", "--port")]
    [InlineData("--address takes an IP address.", "--address", "here")]
    [InlineData("--app takes ID:KEY.", "--app", TestData.Key)]
    [InlineData("--app takes ID:KEY.", "--app", ":" + TestData.Key)]
    [InlineData("--app names an app twice.", "--app", "a:" + TestData.Key, "--app", "a:" + TestData.Key)]
    [InlineData("--slug takes NAME=SLUG.", "--slug", TestData.Key)]
    [InlineData("--slug names an event twice.", "--slug", "Purchase=taqsq", "--slug", "Purchase=qzrtw")]
    [InlineData("An argument is unknown.", TestData.Key)]
    public async Task A_wrong_argument_is_explained_and_never_quoted(string mistake, params string[] arguments)
    {
        using var program = EmulatorProgram.Start(arguments);

        Assert.Equal(2, await program.ExitAsync());
        var errors = await program.Errors.ReadToEndAsync(Cancel);
        Assert.StartsWith(mistake, errors);
        Assert.Contains("Usage:", errors);
        Assert.DoesNotContain(TestData.Key, errors + await program.Output.ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        await using var emulator = await MetrixEmulator.StartAsync(cancellationToken: Cancel);
        using var program = EmulatorProgram.Start(["--port", $"{emulator.Endpoint.Port}"]);

        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains("address already in use", await program.Errors.ReadToEndAsync(Cancel));
    }

    private static async Task<Uri> AddressAsync(EmulatorProgram program)
    {
        const string introduction = "The Metrix emulator listens on ";
        var line = await program.Output.ReadLineAsync(Cancel) ?? await program.Errors.ReadToEndAsync(Cancel);
        Assert.StartsWith(introduction, line);
        return new Uri(line[introduction.Length..]);
    }

    private static async Task<HttpStatusCode> PostAsync(Uri address, string app, string key)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"inappevent/{app}"));
        request.Content = new StringContent(TestData.Event(), null, "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", key);
        using var answer = await client.SendAsync(request, Cancel);
        return answer.StatusCode;
    }
}
