namespace OutboundInterception.Benchmarks;

/// <summary>The outbound worker of the benchmarks: passes on, and where it is told to, adds a header.</summary>
internal sealed class PassWorker(bool addsHeader = false) : IOutboundWorker
{
    public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
    {
        if (addsHeader)
        {
            request.Headers.TryAddWithoutValidation("X-Platform", context.Tenant);
        }

        return context.SendAsync(request, cancellationToken);
    }
}
