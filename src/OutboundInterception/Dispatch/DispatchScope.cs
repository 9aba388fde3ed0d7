using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>The service scope of one dispatch, with the handler and the outbound workers that were made in it.</summary>
internal sealed class DispatchScope(IServiceProvider services) : IAsyncDisposable
{
    private readonly AsyncServiceScope _scope = services.CreateAsyncScope();
    private readonly Dictionary<OutboundWorkerEntry, IOutboundWorker> _workers = [];
    private ITenantHandler? _handler;

    public ITenantHandler MakeHandler(TenantEntry entry) => _handler = entry.Create(_scope.ServiceProvider);

    /// <summary>The worker of this dispatch, made for its first subrequest.</summary>
    public IOutboundWorker WorkerOf(OutboundWorkerEntry entry)
    {
        lock (_workers)
        {
            if (!_workers.TryGetValue(entry, out IOutboundWorker? worker))
            {
                worker = entry.Create(_scope.ServiceProvider);
                _workers.Add(entry, worker);
            }

            return worker;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await using (_scope.ConfigureAwait(false))
        {
            await Disposal.DisposeAsync(_handler).ConfigureAwait(false);
            foreach (IOutboundWorker worker in _workers.Values)
            {
                await Disposal.DisposeAsync(worker).ConfigureAwait(false);
            }
        }
    }
}
