namespace OutboundInterception.Tests;

/// <summary>Short ways to build a policy and to ask it about a URL.</summary>
internal static class PolicyFixture
{
    public static OutboundPolicy Policy(Action<OutboundPolicyBuilder> configure)
    {
        OutboundPolicyBuilder builder = new();
        configure(builder);
        return builder.Build();
    }

    public static PolicyDecision Ask(this OutboundPolicy policy, string url, string tenant = "shop", string method = "GET", string? header = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Parse(method), new Uri(url));
        if (header is not null)
        {
            request.Headers.Add(header, "1");
        }

        return policy.Decide(tenant, new PolicySubject(HostName.Of(request.RequestUri!), request.Method, request.RequestUri!, request.Headers));
    }

    public static bool Allows(this OutboundPolicy policy, string url, string method = "GET", string? header = null)
        => policy.Ask(url, method: method, header: header).Allowed;
}
