using System.Collections.Frozen;
using Metrix.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Endpoints;

/// <summary>Serves the web page and its files, all from the assembly.</summary>
internal static class PageEndpoint
{
    private const string Folder = "Endpoints/Assets/";

    /// <summary>
    /// Allows only the page's own files, no markup from text (trusted types) and no embedding in a frame. Data from a
    /// sender can then not run as a script in a browser, even if the page has a bug.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
        "require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly FrozenDictionary<string, byte[]> Files =
        EmbeddedFile.ListNames(Folder).ToFrozenDictionary(name => name, name => EmbeddedFile.Read(Folder + name));

    public static async Task SendAsync(HttpContext context, string path)
    {
        var name = path == "/" ? "index.html" : path.StartsWith("/page/", StringComparison.Ordinal) ? path[6..] : "";
        if (!Files.TryGetValue(name, out var file))
        {
            await context.RejectAsync(new Problem(404, "no such path")).ConfigureAwait(false);
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            var method = context.Request.Method;
            await context.RejectAsync(new Problem(405, $"the method is {method}; this path allows GET, HEAD"))
                .ConfigureAwait(false);
            return;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
        context.Response.ContentType = ContentType(name);
        context.Response.ContentLength = file.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.BodyWriter.WriteAsync(file, context.RequestAborted).ConfigureAwait(false);
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };
}
