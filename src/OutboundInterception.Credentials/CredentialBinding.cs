namespace OutboundInterception;

/// <summary>Which requests a credential is added to, and how its echo is kept from the tenant.</summary>
public sealed class CredentialBinding
{
    private readonly List<Action<PolicyRuleBuilder>> _requests = [];

    /// <summary>The only tenant whose requests get it, compared to the letter.</summary>
    /// <value><see langword="null"/> by default: all tenants.</value>
    public string? Tenant { get; set; }

    /// <summary>Where a secret that the origin sends back is hidden.</summary>
    /// <value><see cref="CredentialRedaction.HeadersAndBody"/> by default.</value>
    public CredentialRedaction Redaction { get; set; } = CredentialRedaction.HeadersAndBody;

    /// <summary>
    /// Says for which requests it is, in the words of the policy; several calls add up. Hosts must be named, and <c>**</c> is
    /// refused; without schemes it is for <c>https</c> (and <c>wss</c>) alone, without ports for the default ports of the schemes.
    /// </summary>
    public CredentialBinding For(Action<PolicyRuleBuilder> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        _requests.Add(requests);
        return this;
    }

    /// <summary>A policy that admits what the credential is for, and nothing else.</summary>
    /// <exception cref="ArgumentException">It is bound to no host, or to every host.</exception>
    /// <exception cref="PolicyValidationException">A host, path or the like is wrong.</exception>
    internal OutboundPolicy Compile() => new OutboundPolicyBuilder().Allow(Configure).Build();

    private void Configure(PolicyRuleBuilder rule)
    {
        _requests.ForEach(configure => configure(rule));
        if (rule.HostList is not { Count: > 0 } hosts)
        {
            throw new ArgumentException("The credential is bound to no host. Name those that it is meant for, such as 'api.example.com'.");
        }

        if (hosts.Contains("**"))
        {
            throw new ArgumentException("The credential is bound to every host ('**'), which would give it to anybody. Name those that it is meant for.");
        }

        if (rule.SchemeList is null)
        {
            rule.Schemes("https");
        }

        if (rule.PortList is null)
        {
            rule.Ports(rule.SchemeList!.Exists(static scheme => scheme is "http" or "ws") ? [80, 443] : [443]);
        }
    }
}
