namespace OutboundInterception.Benchmarks;

/// <summary>Dispatches of which each makes one subrequest over a stub, with everything on.</summary>
internal sealed class SubrequestPerDispatch : IAsyncDisposable
{
    private static readonly Uri s_uri = new("https://api.example.com/orders");
    private static readonly TenantDelegate s_tenant = static async (_, context, _) =>
    {
        using HttpResponseMessage response = await context.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, s_uri), HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
        return new HttpResponseMessage();
    };

    private readonly HttpRequestMessage _inbound = new(HttpMethod.Get, "https://tenant.apps.example.com/");
    private readonly Bench _bench = Bench.CreateStubbed(s_tenant);
    private readonly string[] _tenants;

    /// <param name="tenants">Among how many the dispatches are shared out.</param>
    public SubrequestPerDispatch(int tenants = 1)
    {
        _tenants = [Bench.Tenant, .. Enumerable.Range(1, tenants - 1).Select(static number => $"tenant-{number}")];
        foreach (string tenant in _tenants[1..])
        {
            _bench.Namespace.Tenants.Add(tenant, s_tenant);
        }
    }

    public async Task RunAsync(int dispatches)
    {
        for (int dispatch = 0; dispatch < dispatches; dispatch++)
        {
            await _bench.DispatchAsync(_inbound, _tenants[dispatch % _tenants.Length]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _inbound.Dispose();
        await _bench.DisposeAsync();
    }
}
