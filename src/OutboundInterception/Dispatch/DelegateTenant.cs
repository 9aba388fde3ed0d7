namespace OutboundInterception;

/// <summary>A tenant handler that is one function.</summary>
internal sealed class DelegateTenant(TenantDelegate handler) : ITenantHandler
{
    public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken) =>
        handler(request, context, cancellationToken);
}
