using System.Collections.Frozen;
using Metrix.Emulator.Http;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Page;

/// <summary>Serves the page and its files, all from the assembly.</summary>
internal static class PageEndpoint
{
    private const string Folder = "Page/Assets/";

    /// <summary>
    /// Only its own files, no markup made from text (trusted types), in no frame of another page: what came in from a
    /// sender can be a script in nobody's browser, even if the page had a mistake.
    /// </summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly FrozenDictionary<string, byte[]> Files =
        EmbeddedFile.Names(Folder).ToFrozenDictionary(name => name, name => EmbeddedFile.Read(Folder + name));

    public static async Task SendAsync(HttpContext context, string path)
    {
        var name = path == "/" ? "index.html" : path.StartsWith("/page/", StringComparison.Ordinal) ? path[6..] : "";
        if (!Files.TryGetValue(name, out var file))
        {
            await context.RefuseAsync(new Problem(404, "there is nothing at this path")).ConfigureAwait(false);
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            await context.RefuseAsync(new Problem(405, "the page is fetched with GET")).ConfigureAwait(false);
            return;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
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
