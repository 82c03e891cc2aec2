using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Metrix.Faults.Tests.Support;

/// <summary>Creates certificates for local servers.</summary>
internal static class Certificates
{
    public static X509Certificate2 CreateSelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        // A certificate with a key in memory alone cannot serve TLS on every platform.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
