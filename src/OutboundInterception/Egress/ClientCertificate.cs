using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;

namespace OutboundInterception;

/// <summary>A certificate that the platform shows to servers, and for whom. Immutable.</summary>
/// <remarks>
/// Each has connections of its own, behind the same address guard: no request of another tenant, and none to another host,
/// is ever sent on them. Where several fit, one for the tenant comes before one for all, then the first added.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ClientCertificate
{
    /// <summary>A certificate for the requests of one tenant, or of all, to some hosts.</summary>
    /// <param name="certificate">With its private key. It stays the caller's to dispose, after the namespace.</param>
    /// <param name="hosts">As in a policy: <c>api.example.com</c>, or <c>*.example.com</c> for every name below.</param>
    /// <param name="tenant">The tenant's name, compared to the letter; <see langword="null"/> for all tenants.</param>
    public ClientCertificate(X509Certificate2 certificate, IEnumerable<string> hosts, string? tenant = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(hosts);
        Certificate = certificate;
        Hosts = [.. hosts];
        Tenant = tenant;
    }

    /// <summary>Whose requests show it; <see langword="null"/> for those of all tenants.</summary>
    public string? Tenant { get; }

    /// <summary>The hosts that it is shown to.</summary>
    public IReadOnlyList<string> Hosts { get; }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal X509Certificate2 Certificate { get; }

    /// <summary>For whom it is, and its thumbprint.</summary>
    public override string ToString() => $"{Certificate.Thumbprint} of {Tenant ?? "all tenants"} for {string.Join(", ", Hosts)}";

    /// <summary>Says what is wrong with it, and nothing if all is well.</summary>
    internal IEnumerable<string> Validate()
    {
        string subject = $"The client certificate of {(Tenant is null ? "all tenants" : $"tenant '{Tenant}'")}";
        if (!Certificate.HasPrivateKey)
        {
            yield return $"{subject} has no private key: load it together with its key.";
        }

        if (Hosts.Count == 0)
        {
            yield return $"{subject} names no host: list those that it is to be shown to.";
        }

        foreach (string host in Hosts)
        {
            if (!HostPattern.TryParse(host, out HostPattern pattern, out string problem))
            {
                yield return $"{subject}: the host '{host}' {problem}.";
            }
            else if (pattern.Kind == HostPatternKind.Everything)
            {
                yield return $"{subject} is for every host, which would show it to anybody: name the hosts.";
            }
        }
    }
}
