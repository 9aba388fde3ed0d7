namespace OutboundInterception;

/// <summary>Another tenant, named but not looked up. Safe for use by several threads.</summary>
public abstract class Fetcher
{
    private protected Fetcher()
    {
    }

    /// <summary>Dispatches one request to that tenant.</summary>
    /// <param name="request">Stays the caller's.</param>
    /// <param name="cancellationToken">Cancels the dispatch.</param>
    /// <exception cref="TenantNotFoundException">There is no such tenant; none of its code has run.</exception>
    /// <exception cref="DispatchLimitException">Dispatches are nested too deeply.</exception>
    public abstract Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, CancellationToken cancellationToken = default);
}
