namespace OutboundInterception;

/// <summary>
/// Something that belonged to a dispatch was used after the dispatch had ended. Keep nothing that a
/// <see cref="TenantContext"/> hands out; give work that outlasts the response to <see cref="TenantContext.WaitUntil"/>.
/// </summary>
public sealed class DispatchEndedException : ObjectDisposedException
{
    internal DispatchEndedException(string tenant)
        : base(nameof(TenantContext), $"The dispatch of tenant '{tenant}' has ended, and what it was given has ended with it. Give work that goes on after the response to WaitUntil.")
    {
        Tenant = tenant;
    }

    /// <summary>The tenant whose dispatch it was.</summary>
    public string Tenant { get; }
}
