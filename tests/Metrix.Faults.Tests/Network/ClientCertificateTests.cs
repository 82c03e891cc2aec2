using Metrix.Faults.Tests.Support.Network;

namespace Metrix.Faults.Tests.Network;

public class ClientCertificateTests
{
    [Fact]
    public async Task A_demanded_client_certificate_reads_as_TLS()
    {
        NetworkPrograms.Require("nginx", "haproxy", "ss");
        using var network = new NetworkNamespace("10.99.0.1");
        var file = network.CertificateFile;
        await network.StartNginxAsync(
            $$"""
            server {
                listen 443 ssl http2; ssl_client_certificate {{file}}; ssl_verify_client on;
                location / { return 200; }
            }
            """,
            443);
        await network.StartHaproxyAsync(
            $"""
            frontend http1
                bind 10.99.0.1:4431 ssl crt {file} ca-file {file} verify required
                http-request return status 200
            frontend http2
                bind 10.99.0.1:4432 ssl crt {file} ca-file {file} verify required alpn h2
                http-request return status 200
            frontend tls12
                bind 10.99.0.1:4433 ssl crt {file} ca-file {file} verify required ssl-max-ver TLSv1.2
                http-request return status 200
            """,
            4431,
            4432,
            4433);

        await AssertMessageAsync(network, 443, "The server demands a client certificate");
        await AssertMessageAsync(network, 4431, "no secure connection to https://10.99.0.1:4431");
        await AssertMessageAsync(network, 4432, "no secure connection to https://10.99.0.1:4432");
        await AssertMessageAsync(network, 4433, "no secure connection to https://10.99.0.1:4433");
    }

    private static async Task AssertMessageAsync(NetworkNamespace network, int port, string message)
    {
        await using var app = network.StartApplication($"https://10.99.0.1:{port}");
        await app.LogAsync(1);
        await app.WaitForMessageAsync(message);
        Assert.Contains(app.Messages, text => text.Contains("client certificate", StringComparison.Ordinal));
    }
}
