namespace OutboundInterception;

/// <summary>A tenant handler that is one function.</summary>
/// <param name="request">What the platform was asked.</param>
/// <param name="context">What this dispatch may use.</param>
/// <param name="cancellationToken">As in <see cref="ITenantHandler.FetchAsync"/>.</param>
public delegate Task<HttpResponseMessage> TenantDelegate(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken);
