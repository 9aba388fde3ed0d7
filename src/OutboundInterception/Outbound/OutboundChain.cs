using Microsoft.Extensions.Logging;

namespace OutboundInterception;

/// <summary>What the subrequests of a namespace go through behind their head: workers, egress, observers. Immutable.</summary>
internal sealed class OutboundChain(
    OutboundWorkerEntry[] workers,
    ObserverEntry[] observers,
    HttpMessageInvoker egress,
    EgressPoolKey pool,
    DispatchNamespaceOptions options,
    bool deniesAll,
    ILogger logger) : IAsyncDisposable
{
    public OutboundWorkerEntry[] Workers { get; } = workers;

    public HttpMessageInvoker Egress { get; } = egress;

    public EgressPoolKey Pool { get; } = pool;

    public UrlStrictness Strictness { get; } = options.UrlStrictness;

    public int ReplayBytes { get; } = options.ReplayBytes;

    public bool ExposesErrors { get; } = options.ExposeOutboundErrors;

    public bool DeniesAll { get; } = deniesAll;

    public bool IsObserved { get; } = observers.Length > 0;

    /// <summary>What any of the observers wants to have measured.</summary>
    public RecordDetail Detail { get; } = observers.Aggregate(RecordDetail.None, static (all, observer) => all | observer.Observer.Detail);

    public RecordRedactor Redactor { get; } = new(options.Records, logger);

    /// <summary>Observers fail silent: one that throws is logged and hurts neither the request nor the others.</summary>
    public void Observe(SubrequestRecord record)
    {
        foreach ((IOutboundObserver observer, _) in observers)
        {
            try
            {
                observer.SubrequestCompleted(record);
            }
            catch (Exception exception)
            {
                Log.ObserverFailed(logger, exception, record.Namespace, observer.GetType());
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Egress.Dispose();
        foreach (OutboundWorkerEntry worker in Workers)
        {
            await worker.DisposeAsync().ConfigureAwait(false);
        }

        foreach (ObserverEntry observer in observers.Where(static observer => observer.IsOwned))
        {
            await Disposal.DisposeAsync(observer.Observer).ConfigureAwait(false);
        }
    }
}
