using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Metrix.Emulator.Http;

/// <summary>
/// Represents the raw target of a request. The server's own path is already unescaped, which would split an app id with
/// an escaped slash.
/// </summary>
/// <param name="Raw">The target as received.</param>
/// <param name="Path">The escaped path, without scheme, host and query.</param>
internal readonly record struct RequestTarget(string Raw, string Path)
{
    private const string EventPrefix = "/inappevent/";

    /// <summary>Gets the app id in the path of an event. Empty for any other path.</summary>
    public string AppId
    {
        get
        {
            if (!Path.StartsWith(EventPrefix, StringComparison.Ordinal)) return "";
            var segment = Path[EventPrefix.Length..];
            return segment.Contains('/') ? "" : Uri.UnescapeDataString(segment);
        }
    }

    public static RequestTarget Of(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = raw;
        // The absolute form, http://host/path, is sent to proxies. Every server must accept it (RFC 9112, 3.2.2).
        if (!raw.StartsWith('/') && raw.IndexOf("://", StringComparison.Ordinal) is var scheme and > 0)
        {
            var slash = raw.IndexOf('/', scheme + 3);
            path = slash < 0 ? "/" : raw[slash..];
        }

        var query = path.IndexOf('?');
        return new(raw, query < 0 ? path : path[..query]);
    }
}
