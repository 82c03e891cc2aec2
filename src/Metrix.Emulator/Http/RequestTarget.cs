using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Metrix.Emulator.Http;

/// <summary>
/// The target of a request, from the wire: the server's own path is already unescaped, and an app id may hold an
/// escaped slash.
/// </summary>
internal readonly record struct RequestTarget(string Raw, string Path)
{
    private const string EventPrefix = "/inappevent/";

    /// <summary>The app id of an event's path; empty for another path.</summary>
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
        // The form for proxies, which every server has to take: http://host/path.
        if (!raw.StartsWith('/') && raw.IndexOf("://", StringComparison.Ordinal) is var scheme and > 0)
        {
            var slash = raw.IndexOf('/', scheme + 3);
            path = slash < 0 ? "/" : raw[slash..];
        }

        var query = path.IndexOf('?');
        return new(raw, query < 0 ? path : path[..query]);
    }
}
