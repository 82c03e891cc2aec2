using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public partial class OpenApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_path_in_the_document_allows_exactly_its_documented_methods()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        await emulator.SendAcceptedAsync();
        foreach (var (path, methods) in await PathsAsync(emulator))
        {
            var target = path
                .Replace("{id}", "1", StringComparison.Ordinal)
                .Replace("{appId}", TestData.App, StringComparison.Ordinal);
            using var answer = await emulator.SendAsync(HttpMethod.Patch, target[1..]);

            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            Assert.Equal(methods.Order(), answer.Content.Headers.Allow.Order());
        }
    }

    [Fact]
    public async Task Document_contains_every_path_of_the_API()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        var (error, _) = await emulator.SendAsync(HttpMethod.Get, "api/").ReadRejectionAsync(404);
        var listed = ApiPath().Matches(error).Select(match => match.Value);

        Assert.Equal(
            listed.Append("/inappevent/{appId}").Order(),
            (await PathsAsync(emulator)).Select(entry => entry.Path).Order());
    }

    [Fact]
    public async Task Every_reference_in_the_document_resolves()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        using var document = JsonDocument.Parse(await emulator.TextAsync("api/openapi.json"));
        var references = Reference().Matches(document.RootElement.GetRawText())
            .Select(match => match.Groups[1].Value)
            .ToArray();

        Assert.NotEmpty(references);
        Assert.All(references, reference =>
        {
            var at = document.RootElement;
            foreach (var step in reference.Split('/')) at = at.GetProperty(step);
        });
    }

    private static async Task<(string Path, string[] Methods)[]> PathsAsync(MetrixEmulator emulator)
    {
        using var document = JsonDocument.Parse(await emulator.TextAsync("api/openapi.json"));
        return
        [
            .. from path in document.RootElement.GetProperty("paths").EnumerateObject()
               let methods = path.Value.EnumerateObject().Select(method => method.Name.ToUpperInvariant())
               select (path.Name, methods.ToArray()),
        ];
    }

    [GeneratedRegex(@"/api/[^\s,]+")]
    private static partial Regex ApiPath();

    [GeneratedRegex("\"\\$ref\":\\s*\"#/([^\"]+)\"")]
    private static partial Regex Reference();
}
