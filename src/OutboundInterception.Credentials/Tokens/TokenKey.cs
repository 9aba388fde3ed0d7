namespace OutboundInterception;

/// <summary>What a token is kept under. The secret is not part of it: a new one counts from the next token on.</summary>
internal readonly record struct TokenKey(
    string Namespace, string Tenant, Uri TokenEndpoint, string ClientId, string? Scope, string? Resource, string? Audience)
{
    public TokenKey(string @namespace, string tenant, ClientCredentialsOptions options)
        : this(@namespace, tenant, options.TokenEndpoint, options.ClientId, options.Scope, options.Resource, options.Audience)
    {
    }
}
