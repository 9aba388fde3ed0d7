using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>One worker of a chain: shared by all dispatches, or made in a service scope for each subrequest.</summary>
internal sealed class OutboundWorkerEntry(string name, Func<IServiceProvider, IOutboundWorker> factory, bool scoped, IServiceProvider services) : IAsyncDisposable
{
    private readonly Lazy<IOutboundWorker> _shared = new(() => factory(services));

    public string Name => name;

    public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken) =>
        scoped ? FetchScopedAsync(request, context, cancellationToken) : _shared.Value.FetchAsync(request, context, cancellationToken);

    public Task<Stream> ConnectAsync(OutboundConnect connect, OutboundContext context, CancellationToken cancellationToken) =>
        scoped ? ConnectScopedAsync(connect, context, cancellationToken) : _shared.Value.ConnectAsync(connect, context, cancellationToken);

    /// <summary>Makes the shared worker now, so that a failing constructor fails the start.</summary>
    public void Warm()
    {
        if (!scoped)
        {
            _ = _shared.Value;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!scoped && _shared.IsValueCreated)
        {
            await Disposal.DisposeAsync(_shared.Value).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> FetchScopedAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
    {
        AsyncServiceScope scope = services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            IOutboundWorker worker = factory(scope.ServiceProvider);
            try
            {
                return await worker.FetchAsync(request, context, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await Disposal.DisposeAsync(worker).ConfigureAwait(false);
            }
        }
    }

    private async Task<Stream> ConnectScopedAsync(OutboundConnect connect, OutboundContext context, CancellationToken cancellationToken)
    {
        AsyncServiceScope scope = services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            IOutboundWorker worker = factory(scope.ServiceProvider);
            try
            {
                return await worker.ConnectAsync(connect, context, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await Disposal.DisposeAsync(worker).ConfigureAwait(false);
            }
        }
    }
}
