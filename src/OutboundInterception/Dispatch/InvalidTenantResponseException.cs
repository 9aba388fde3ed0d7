namespace OutboundInterception;

/// <summary>A tenant broke the contract of <see cref="ITenantHandler.FetchAsync"/>.</summary>
public sealed class InvalidTenantResponseException : InvalidOperationException
{
    internal InvalidTenantResponseException(string tenant, string problem)
        : base($"Tenant '{tenant}' {problem}")
    {
        Tenant = tenant;
    }

    /// <summary>The tenant.</summary>
    public string Tenant { get; }
}
