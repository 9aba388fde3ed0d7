namespace OutboundInterception.Benchmarks;

/// <summary>Dispatches of which each makes one subrequest over a stub, with everything on.</summary>
internal sealed class SubrequestPerDispatch : IAsyncDisposable
{
    private static readonly Uri s_uri = new("https://api.example.com/orders");

    private readonly HttpRequestMessage _inbound = new(HttpMethod.Get, "https://tenant.apps.example.com/");
    private readonly Bench _bench = Bench.CreateStubbed(static async (_, context, _) =>
    {
        using HttpResponseMessage response = await context.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, s_uri), HttpCompletionOption.ResponseHeadersRead);
        return new HttpResponseMessage();
    });

    public async Task RunAsync(int dispatches)
    {
        for (int dispatch = 0; dispatch < dispatches; dispatch++)
        {
            await _bench.DispatchAsync(_inbound);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _inbound.Dispose();
        await _bench.DisposeAsync();
    }
}
