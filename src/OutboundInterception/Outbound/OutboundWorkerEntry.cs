namespace OutboundInterception;

/// <summary>One worker of a chain: shared by all dispatches, or made in the service scope of each.</summary>
internal sealed class OutboundWorkerEntry(string name, Func<IServiceProvider, IOutboundWorker> factory, bool scoped, IServiceProvider services) : IAsyncDisposable
{
    private readonly Lazy<IOutboundWorker> _shared = new(() => factory(services));

    public string Name => name;

    /// <summary>The worker that a dispatch calls.</summary>
    public IOutboundWorker For(ActiveDispatch dispatch) => scoped ? dispatch.WorkerOf(this) : _shared.Value;

    /// <summary>A worker that belongs to one dispatch.</summary>
    public IOutboundWorker Create(IServiceProvider scope) => factory(scope);

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
}
