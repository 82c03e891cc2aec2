namespace Metrix.Client.Wire;

/// <summary>
/// Lists the reasons of outcomes that are not status codes. They become tags, so their number is small.
/// </summary>
internal static class SendReason
{
    public const string Timeout = "timeout";
    public const string Dns = "dns";
    public const string Tls = "tls";
    public const string Connection = "connection";

    /// <summary>The proxy refused, or broke off, the connection to the server.</summary>
    public const string Proxy = "proxy";

    public const string ProxyAuthentication = "407";
    public const string BrokenOff = "broken_off";
    public const string Protocol = "protocol";
    public const string Interrupted = "interrupted";

    /// <summary>The application's own HTTP handler threw an exception.</summary>
    public const string Handler = "handler";

    /// <summary>A request without TLS reached a port that speaks TLS.</summary>
    public const string TlsPort = "tls_port";

    /// <summary>The first successful answer is an HTML page.</summary>
    public const string HtmlPage = "html_page";
}
