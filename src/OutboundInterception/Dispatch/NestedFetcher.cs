namespace OutboundInterception;

/// <summary>A stub as tenants and workers hold it.</summary>
/// <param name="stub">Whom it calls.</param>
/// <param name="parent">The tenant's dispatch that asked for it; none for an outbound worker's.</param>
internal sealed class NestedFetcher(TenantStub stub, ActiveDispatch? parent) : Fetcher
{
    public override async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        HttpResponseMessage response = parent is null
            ? await stub.FetchAsync(request, cancellationToken).ConfigureAwait(false)
            : await new NestedCall(parent).FetchAsync(stub, request, cancellationToken).ConfigureAwait(false);
        (response.Content as DispatchContent)?.AllowPassingOn();
        return response;
    }
}
