using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Benchmarks;

/// <summary>Dispatches a tenant that asks an origin, with everything on.</summary>
internal sealed class LoopbackTenant : IAsyncDisposable
{
    private static readonly Uri s_inbound = new("https://tenant.apps.example.com/");
    private static readonly Uri s_uri = new("http://api.example.com/small");

    private readonly Bench _bench;

    public LoopbackTenant(string origin)
    {
        _bench = Bench.Create(builder => builder.Route(Servers.OriginHost, origin).AddTenant(Bench.Tenant, static async (_, context, _) =>
        {
            using HttpRequestMessage request = new(HttpMethod.Get, s_uri);
            using HttpResponseMessage response = await context.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
            await ResponseBody.ReadAsync(response.EnsureSuccessStatusCode());
            return new HttpResponseMessage();
        }));
    }

    public async Task SendAsync()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, s_inbound);
        using HttpResponseMessage response = await _bench.Namespace.Get(Bench.Tenant).FetchAsync(request);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();
}
