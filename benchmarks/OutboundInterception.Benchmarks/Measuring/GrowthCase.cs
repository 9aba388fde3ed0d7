using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Benchmarks;

/// <summary>Dispatches with one subrequest each, under circumstances that grow.</summary>
internal sealed class GrowthCase : IAsyncDisposable
{
    private readonly HttpRequestMessage _inbound = new(HttpMethod.Get, "https://tenant.apps.example.com/");
    private readonly Bench _bench;

    /// <param name="request">Makes the subrequest.</param>
    /// <param name="configure">The circumstances.</param>
    /// <param name="egress">Answers, instead of a stub.</param>
    public GrowthCase(Func<HttpRequestMessage> request, Action<IDispatchNamespaceBuilder> configure, DelegatingHandler? egress = null)
    {
        _bench = Bench.Create(builder =>
        {
            builder
                .AddTenant(Bench.Tenant, async (_, context, _) =>
                {
                    using HttpResponseMessage response = await context.Http.SendAsync(request(), HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
                    return new HttpResponseMessage();
                })
                .ConfigureEgress(chain => chain.AddHttpMessageHandler(() => egress ?? new StubHandler()));
            configure(builder);
        });
    }

    public DispatchNamespace Namespace => _bench.Namespace;

    /// <summary>How many dispatches wait for their subrequests at the same time.</summary>
    public int Concurrent { get; init; } = 1;

    public int Operations => int.Max(Concurrent, 100);

    public async Task RunAsync()
    {
        Task[] running = new Task[Concurrent];
        for (int done = 0; done < Operations; done += Concurrent)
        {
            for (int index = 0; index < Concurrent; index++)
            {
                running[index] = _bench.DispatchAsync(_inbound);
            }

            await Task.WhenAll(running);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _inbound.Dispose();
        await _bench.DisposeAsync();
    }
}
