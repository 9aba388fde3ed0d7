namespace OutboundInterception;

/// <summary>
/// What an <see cref="OutboundContext"/> is a view of. Also what cancels what it waits for: a source of its own would be an
/// object more each time. Without a timer or a wait handle there is nothing to dispose, and a tenant may hold its token.
/// </summary>
internal abstract class OutboundExchange : CancellationTokenSource
{
    public abstract string Tenant { get; }

    public abstract string Namespace { get; }

    public abstract string DispatchId { get; }

    public abstract Uri? InboundUri { get; }

    public abstract T Get<T>(OutboundParameter<T> parameter);

    public abstract object? Get(string parameter);

    /// <summary>Hands a request to the worker after <paramref name="position"/>, or to the egress when that was the last.</summary>
    public abstract Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, int position, int hop, CancellationToken cancellationToken);

    /// <summary>Hands a connect to the worker after <paramref name="position"/>, or to the egress when that was the last.</summary>
    public abstract Task<Stream> ConnectAsync(OutboundConnect connect, int position, CancellationToken cancellationToken);

    public abstract void WaitUntil(Func<CancellationToken, Task> work);

    public abstract Fetcher Dispatch(string name, DispatchOptions? options);
}
