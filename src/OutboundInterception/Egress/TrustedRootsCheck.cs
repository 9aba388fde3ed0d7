using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OutboundInterception;

/// <summary>
/// Gives a server's certificate that the operating system does not trust a second chance with
/// <see cref="EgressOptions.TrustedRoots"/>. The system's own check comes first and stays whole, with what only it
/// knows: the roots it withdrew, and those it finds elsewhere than in a store.
/// </summary>
internal sealed class TrustedRootsCheck(X509Certificate2Collection roots)
{
    private static readonly Oid s_serverAuthentication = new("1.3.6.1.5.5.7.3.1");

    private readonly X509Certificate2Collection _roots = [.. roots];

    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        // A wrong name, or no certificate, is not a question of roots.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 leaf || chain is null)
        {
            return false;
        }

        using X509Chain second = new();
        second.ChainPolicy = CreateChainPolicy();
        second.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        second.ChainPolicy.CustomTrustStore.AddRange(_roots);
        second.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        second.ChainPolicy.ApplicationPolicy.Add(s_serverAuthentication);
        bool isTrusted = second.Build(leaf);
        foreach (X509ChainElement element in second.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return isTrusted;
    }

    /// <summary>
    /// Without downloads: the URLs for missing intermediates, revocation lists and OCSP stand in the server's
    /// certificate, and the runtime gets them past every handler and connect callback.
    /// </summary>
    public static X509ChainPolicy CreateChainPolicy() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
    };
}
