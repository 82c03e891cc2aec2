using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Metrix.Client.Wire;

/// <summary>
/// Converts the exception that replaced an answer to an outcome.
/// </summary>
internal static class FailurePolicy
{
    // The error codes of HTTP/2 (RFC 9113, section 7).
    private const long NoError = 0;
    private const long ProtocolError = 1;
    private const long FlowControlError = 3;
    private const long SettingsTimeout = 4;
    private const long FrameSizeError = 6;
    private const long RefusedStream = 7;
    private const long CompressionError = 9;

    public static SendOutcome Of(Exception exception) => exception switch
    {
        OperationCanceledException => new(SendOutcomeKind.Unavailable, SendReason.Timeout),
        HttpRequestException http => Of(http),
        HttpProtocolException protocol => Of(protocol),
        IOException when IsTlsFailure(exception) => new(SendOutcomeKind.Unreachable, SendReason.Tls),
        IOException => new(SendOutcomeKind.Unavailable, SendReason.BrokenOff),
        _ => new(SendOutcomeKind.Unavailable, SendReason.Handler),
    };

    private static SendOutcome Of(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new(SendOutcomeKind.Unreachable, SendReason.Dns),
        HttpRequestError.SecureConnectionError => new(SendOutcomeKind.Unreachable, SendReason.Tls),
        HttpRequestError.ConnectionError when IsNameResolutionFailure(exception) =>
            new(SendOutcomeKind.Unreachable, SendReason.Dns),
        HttpRequestError.ConnectionError => new(SendOutcomeKind.Unreachable, SendReason.Connection),
        HttpRequestError.ProxyTunnelError => OfTunnel(exception.StatusCode),
        HttpRequestError.InvalidResponse when !IsTlsFailure(exception) =>
            new(SendOutcomeKind.Unavailable, SendReason.Protocol),
        HttpRequestError.HttpProtocolError => Find<HttpProtocolException>(exception) is { } protocol
            ? Of(protocol)
            : new(SendOutcomeKind.Unavailable, SendReason.Protocol),
        _ when IsTlsFailure(exception) => new(SendOutcomeKind.Unreachable, SendReason.Tls),
        _ => new(SendOutcomeKind.Unavailable, SendReason.BrokenOff),
    };

    private static SendOutcome OfTunnel(HttpStatusCode? status) => status == HttpStatusCode.ProxyAuthenticationRequired
        ? new(SendOutcomeKind.Misconfigured, SendReason.ProxyAuthentication) { ProxyStatus = (int)status }
        : new(SendOutcomeKind.Unreachable, SendReason.Proxy) { ProxyStatus = (int?)status };

    private static SendOutcome Of(HttpProtocolException exception) => exception.ErrorCode switch
    {
        // The server closes the connection, or did not begin to process this request.
        NoError or RefusedStream => new(SendOutcomeKind.Interrupted, SendReason.Interrupted),

        // .NET reports a connection that does not answer pings as a protocol error of the server.
        ProtocolError when exception.Message.Contains("KeepAlivePingTimeout", StringComparison.Ordinal) =>
            new(SendOutcomeKind.Unavailable, SendReason.Timeout),
        ProtocolError or FlowControlError or SettingsTimeout or FrameSizeError or CompressionError =>
            new(SendOutcomeKind.Unavailable, SendReason.Protocol),
        _ => new(SendOutcomeKind.Unavailable, SendReason.BrokenOff),
    };

    // A server that demands a client certificate says so after the handshake of TLS 1.3: .NET then reports neither an
    // authentication error nor a secure connection error, but a failed read. On Windows, its cause is a Win32Exception.
    // Over HTTP/2, the cause may be lost: only the message says that the server ended the connection after TLS and
    // before its first frame.
    private static bool IsTlsFailure(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException or CryptographicException
                    or System.ComponentModel.Win32Exception and not SocketException
                || cause.Message.Contains("did not complete the HTTP/2 handshake", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNameResolutionFailure(Exception exception) =>
        Find<SocketException>(exception)?.SocketErrorCode
            is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoRecovery or SocketError.NoData;

    private static T? Find<T>(Exception exception)
        where T : Exception
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is T found)
                return found;
        }

        return null;
    }
}
