using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Metrix.Client.Wire;

namespace Metrix.Client.Tests.Wire;

public class FailurePolicyTests
{
    private const string PingTimeout =
        "The HTTP/2 server didn't respond to a ping request within the configured KeepAlivePingTimeout. " +
        "HTTP/2 error code 'PROTOCOL_ERROR' (0x1).";

    [Theory]
    [InlineData(0, "Interrupted interrupted")]
    [InlineData(1, "Unavailable protocol")]
    [InlineData(2, "Unavailable broken_off")]
    [InlineData(3, "Unavailable protocol")]
    [InlineData(6, "Unavailable protocol")]
    [InlineData(7, "Interrupted interrupted")]
    [InlineData(8, "Unavailable broken_off")]
    [InlineData(11, "Unavailable broken_off")]
    [InlineData(99, "Unavailable broken_off")]
    public void An_HTTP2_error_code_is_mapped_to_its_outcome(long code, string expected)
    {
        var protocol = new HttpProtocolException(code, "closed", null);

        Assert.Equal(expected, Of(protocol));
        Assert.Equal(expected, Of(new HttpRequestException(HttpRequestError.HttpProtocolError, "aborted", protocol)));
    }

    [Fact]
    public void An_HTTP2_connection_that_does_not_answer_pings_is_a_timeout() =>
        Assert.Equal(
            "Unavailable timeout",
            Of(new HttpRequestException(
                HttpRequestError.HttpProtocolError,
                "aborted",
                new HttpProtocolException(1, PingTimeout, null))));

    public static TheoryData<string> TlsCauses() => ["certificate", "openssl", "windows"];

    [Theory]
    [MemberData(nameof(TlsCauses))]
    public void A_TLS_alert_after_the_handshake_reads_as_TLS(string cause)
    {
        Exception inner = cause switch
        {
            "certificate" => new AuthenticationException("untrusted"),
            "openssl" => new InvalidOperationException(
                "SSL_ERROR_SSL", new CryptographicException("tlsv13 alert certificate required")),
            _ => new System.ComponentModel.Win32Exception("SEC_E_CERT_UNKNOWN"),
        };
        var read = new IOException("The decryption operation failed.", inner);

        Assert.Equal("Unreachable tls", Of(read));
        Assert.Equal("Unreachable tls", Of(new HttpRequestException(HttpRequestError.Unknown, "failed", read)));
        Assert.Equal("Unreachable tls", Of(new HttpRequestException(HttpRequestError.InvalidResponse, "failed", read)));
    }

    [Fact]
    public void A_connection_that_ends_between_TLS_and_HTTP2_reads_as_TLS() =>
        Assert.Equal(
            "Unreachable tls",
            Of(new HttpRequestException(
                "An HTTP/2 connection could not be established because the server did not complete the HTTP/2 " +
                "handshake.")));

    [Fact]
    public void A_reset_connection_does_not_read_as_TLS() =>
        Assert.Equal(
            "Unavailable broken_off",
            Of(new HttpRequestException(
                HttpRequestError.Unknown,
                "failed",
                new IOException("reset", new SocketException((int)SocketError.ConnectionReset)))));

    [Theory]
    [InlineData(SocketError.HostNotFound, "Unreachable dns")]
    [InlineData(SocketError.TryAgain, "Unreachable dns")]
    [InlineData(SocketError.NoData, "Unreachable dns")]
    [InlineData(SocketError.NoRecovery, "Unreachable dns")]
    [InlineData(SocketError.ConnectionRefused, "Unreachable connection")]
    [InlineData(SocketError.TimedOut, "Unreachable connection")]
    public void A_socket_error_while_connecting_is_mapped_to_its_outcome(SocketError error, string expected) =>
        Assert.Equal(
            expected,
            Of(new HttpRequestException(
                HttpRequestError.ConnectionError, "failed", new SocketException((int)error))));

    [Theory]
    [InlineData(407, "Misconfigured 407")]
    [InlineData(403, "Unreachable proxy")]
    [InlineData(502, "Unreachable proxy")]
    [InlineData(503, "Unreachable proxy")]
    public void The_answer_of_a_proxy_to_CONNECT_is_in_the_outcome(int status, string expected)
    {
        var exception = new HttpRequestException(
            HttpRequestError.ProxyTunnelError, "tunnel", null, (HttpStatusCode)status);

        Assert.Equal(expected, Of(exception));
        Assert.Equal(status, AnswerPolicy.Of(exception).ProxyStatus);
    }

    private static string Of(Exception exception)
    {
        var outcome = AnswerPolicy.Of(exception);
        return $"{outcome.Kind} {outcome.Reason}";
    }
}
