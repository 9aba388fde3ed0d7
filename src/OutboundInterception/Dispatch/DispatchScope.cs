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
    /// <returns><see langword="null"/> when the dispatch has ended meanwhile.</returns>
    public IOutboundWorker? WorkerOf(OutboundWorkerEntry entry)
    {
        lock (_workers)
        {
            if (_isDisposed)
            {
                return null;
            }

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
        if (!TryClose())
        {
            // A worker is being made: whoever ends the dispatch does not wait for the host's code.
            await Task.Run(Close).ConfigureAwait(false);
        }

        if (_scope is not { } scope)
        {
            return;
        }

        await using (scope.ConfigureAwait(false))
        {
            List<Exception> failures = [];
            foreach (object? made in (IEnumerable<object?>)[_handler, .. _workers.Values])
            {
                try
                {
                    await Disposal.DisposeAsync(made).ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    failures.Add(exception);
                }
            }

            if (failures.Count > 0)
            {
                throw new AggregateException("The handler or outbound workers of the dispatch could not be disposed.", failures);
            }
        }
    }

    private bool TryClose()
    {
        if (!Monitor.TryEnter(_workers))
        {
            return false;
        }

        _isDisposed = true;
        Monitor.Exit(_workers);
        return true;
    }

    private void Close()
    {
        lock (_workers)
        {
            _isDisposed = true;
        }
    }
}
