using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>The service scope of one dispatch, with the handler and the outbound workers that were made in it.</summary>
internal sealed class DispatchScope(IServiceProvider services) : IAsyncDisposable
{
    private readonly Dictionary<OutboundWorkerEntry, IOutboundWorker> _workers = [];
    private AsyncServiceScope? _scope;
    private ITenantHandler? _handler;
    private bool _isDisposed;

    // Made when it is used first: whoever makes this one may hold a lock, which the host's code has no business in.
    private IServiceProvider Services => (_scope ??= services.CreateAsyncScope()).ServiceProvider;

    public ITenantHandler MakeHandler(TenantEntry entry) => _handler = entry.Create(Services);

    /// <summary>The worker of this dispatch, made for its first subrequest.</summary>
    /// <exception cref="ObjectDisposedException">The dispatch has ended meanwhile.</exception>
    public IOutboundWorker WorkerOf(OutboundWorkerEntry entry)
    {
        lock (_workers)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_workers.TryGetValue(entry, out IOutboundWorker? worker))
            {
                worker = entry.Create(Services);
                _workers.Add(entry, worker);
            }

            return worker;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_workers)
        {
            _isDisposed = true;
        }

        if (_scope is not { } scope)
        {
            return;
        }

        await using (scope.ConfigureAwait(false))
        {
            await Disposal.DisposeAsync(_handler).ConfigureAwait(false);
            foreach (IOutboundWorker worker in _workers.Values)
            {
                await Disposal.DisposeAsync(worker).ConfigureAwait(false);
            }
        }
    }
}
