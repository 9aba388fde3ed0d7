namespace OutboundInterception;

/// <summary>A stub as tenants and workers hold it.</summary>
internal sealed class NestedFetcher(TenantStub stub) : Fetcher
{
    public override Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        stub.FetchAsync(request, cancellationToken);
}
