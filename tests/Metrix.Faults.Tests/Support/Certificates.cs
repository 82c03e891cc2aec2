using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Metrix.Faults.Tests.Support;

/// <summary>Creates certificates for local servers.</summary>
internal static class Certificates
{
    public static X509Certificate2 CreateSelfSigned()
    {
        using var certificate = Create("localhost", []);

        // A certificate with a key in memory alone cannot serve TLS on every platform.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    /// <summary>Creates the text of a certificate with its key, as web servers read it.</summary>
    public static string CreatePem(string hostName, params IPAddress[] addresses)
    {
        using var certificate = Create(hostName, addresses);
        using var key = certificate.GetRSAPrivateKey()!;
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    private static X509Certificate2 Create(string hostName, IEnumerable<IPAddress> addresses)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            $"CN={hostName}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(hostName);
        foreach (var address in addresses)
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
