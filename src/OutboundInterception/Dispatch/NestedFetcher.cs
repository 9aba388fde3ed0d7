namespace OutboundInterception;

/// <summary>A stub as tenants and workers hold it.</summary>
internal sealed class NestedFetcher(TenantStub stub) : Fetcher
{
    public override async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage response = await stub.FetchAsync(request, cancellationToken).ConfigureAwait(false);
        (response.Content as DispatchContent)?.AllowPassingOn();
        return response;
    }
}
