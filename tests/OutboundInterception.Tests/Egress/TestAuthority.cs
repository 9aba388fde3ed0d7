using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OutboundInterception.Tests;

/// <summary>A certificate authority of one test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset s_from = TimeProvider.System.GetUtcNow().AddDays(-1);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority(string name = "Test Root", TestAuthority? issuer = null)
    {
        CertificateRequest request = new($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using X509Certificate2? issued = issuer is null
            ? null
            : request.Create(issuer.Certificate, s_from, s_from.AddDays(8), RandomNumberGenerator.GetBytes(8));
        Certificate = issued?.CopyWithPrivateKey(_key) ?? request.CreateSelfSigned(s_from, s_from.AddDays(9));
    }

    public X509Certificate2 Certificate { get; }

    /// <param name="host">The name that the certificate is for.</param>
    /// <param name="issuerUrl">Where the certificate says that its issuer's is to be had.</param>
    /// <param name="revocationUrl">Where the certificate says that it is to be asked for whether it is revoked, by list and by question.</param>
    public X509Certificate2 Issue(string host, string? issuerUrl = null, string? revocationUrl = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={host}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        if (issuerUrl is not null || revocationUrl is not null)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(
                revocationUrl is null ? null : [$"{revocationUrl}ocsp"], issuerUrl is null ? null : [issuerUrl]));
        }

        if (revocationUrl is not null)
        {
            request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([$"{revocationUrl}list.crl"]));
        }

        using X509Certificate2 issued = request.Create(
            Certificate, s_from, s_from.AddDays(7), RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 complete = issued.CopyWithPrivateKey(key);

        // Through PKCS #12, because Windows serves no ephemeral key.
        return X509CertificateLoader.LoadPkcs12(complete.Export(X509ContentType.Pfx), null);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
