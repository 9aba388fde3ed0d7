namespace OutboundInterception;

/// <summary>
/// The head of the chain, as tenants hold it. No <see cref="DelegatingHandler"/>, whose inner handler is public. Disposing
/// it does nothing: a tenant that disposes what it was given hurts nobody.
/// </summary>
internal sealed class TenantHttpHandler(ActiveDispatch dispatch, RedirectMode redirectMode) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        dispatch.SendAsync(request, redirectMode, cancellationToken);

    // HttpClient.Send never calls SendAsync: what handles only one of the two is walked around.
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SynchronizationContext.Current is null
            ? SendAsync(request, cancellationToken).GetAwaiter().GetResult()
            : Task.Run(() => SendAsync(request, cancellationToken), cancellationToken).GetAwaiter().GetResult();
}
