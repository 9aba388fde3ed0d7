namespace OutboundInterception;

/// <summary>One call of a tenant: its hops one after the other, until there is a response for the tenant.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA1001", Justification = "The source has no timer and no wait handle: nothing to dispose, and a tenant may hold its token.")]
internal sealed partial class Subrequest : OutboundExchange
{
    private readonly ActiveDispatch _dispatch;
    private readonly OutboundChain _chain;
    private readonly RedirectMode _redirectMode;
    private readonly CancellationTokenSource _cancellation = new();
    private CancellationTokenRegistration _caller;
    private SafeContent? _body;
    private SubrequestTrace _trace;
    private Task<HttpResponseMessage>? _lastSend;
    private volatile bool _isAnswered;
    private int _left;

    public Subrequest(ActiveDispatch dispatch, RedirectMode redirectMode, bool isWebSocket)
    {
        _dispatch = dispatch;
        _chain = dispatch.Home.Outbound;
        _redirectMode = redirectMode;
        IsWebSocket = isWebSocket;
        IsBackground = dispatch.IsBackgroundCall();
        _trace = new SubrequestTrace(dispatch);
    }

    public override string Tenant => _dispatch.Tenant;

    public override string Namespace => _dispatch.Namespace;

    public override string DispatchId => _dispatch.Id;

    public override Uri? InboundUri => _dispatch.InboundUri;

    public bool IsWebSocket { get; }

    public bool IsBackground { get; }

    /// <summary>Whether it ends with the foreground: made outside of background work, and still without a response.</summary>
    public bool IsForegroundCall => !IsBackground && !_isAnswered;

    public CancellationToken Token => _cancellation.Token;

    /// <summary>What went wrong with the tenant's own body, which the tenant may be told.</summary>
    public Exception? BodyFailure { get; set; }

    public Subrequest? Previous { get; set; }

    public Subrequest? Next { get; set; }

    public override T Get<T>(OutboundParameter<T> parameter) => _dispatch.Home.Schema.Read(_dispatch.Parameters, parameter);

    public override object? Get(string parameter) => _dispatch.Home.Schema.Read(_dispatch.Parameters, parameter);

    public override void WaitUntil(Func<CancellationToken, Task> work) => _dispatch.WaitUntil(work);

    public override Fetcher Dispatch(string name, DispatchOptions? options) => _dispatch.Home.GetNested(_dispatch, name, options);

    /// <summary>Sends what a tenant asked for; what goes wrong comes out as the tenant may be told it.</summary>
    /// <param name="request">
    /// The tenant's own message, or for a WebSocket the handshake that <see cref="WebSocketHandshake"/> made, whose response is
    /// for that alone.
    /// </param>
    /// <param name="cancellationToken">The tenant's.</param>
    public async Task<HttpResponseMessage> RunAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        bool entered = false;
        try
        {
            _trace.Begin(request.Method, request.RequestUri);
            cancellationToken.ThrowIfCancellationRequested();
            _dispatch.Enter(this);
            entered = true;
            _caller = cancellationToken.UnsafeRegister(static state => ((Subrequest)state!).Abort(), this);
            HttpResponseMessage response = IsWebSocket
                ? await ShakeHandsAsync(request).ConfigureAwait(false)
                : await FollowAsync(new TenantRequest(request), request).ConfigureAwait(false);
            _isAnswered = true;
            return response;
        }
        catch (Exception exception)
        {
            Exception told = SubrequestFailure.Tell(exception, _dispatch, BodyFailure, _lastSend, _chain, ref _trace, cancellationToken);
            if (entered)
            {
                Leave();
            }

            _trace.End(_chain);
            if (ReferenceEquals(told, exception))
            {
                throw;
            }

            throw told;
        }
    }

    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, int position, int hop, CancellationToken cancellationToken)
    {
        CancellationToken token = cancellationToken.CanBeCanceled ? cancellationToken : Token;
        if (position < _chain.Workers.Length)
        {
            return _chain.Workers[position].For(_dispatch).FetchAsync(request, new OutboundContext(this, position, hop), token);
        }

        EgressRequest message = EgressMessage.Prepare(request, DecideAgain(request), _chain.Pool, _dispatch.CdnLoopValue, IsWebSocket);
        message.Tenant = Tenant;
        _trace.WasSent = true;
        Task<HttpResponseMessage> sent = _chain.Egress.SendAsync(message, token);
        _lastSend = sent;
        return sent;
    }

    /// <summary>Ends it: what it waits for is cancelled, what it reads is cut off.</summary>
    public void Abort()
    {
        Cancellation.Request(_cancellation, _dispatch);
        _body?.Abort();
    }

    /// <summary>The response body has been read, disposed or cut off.</summary>
    public void BodyIsDone(long bytes, Exception? failure)
    {
        _trace.ResponseBytes = bytes;
        if (failure is not null)
        {
            _trace.Failure = failure.GetType().Name;
        }

        Leave();
        _trace.End(_chain);
    }

    public void CountRequestBytes(int count)
    {
        _dispatch.Budget.AddRequestBytes(_dispatch.Limits, count);
        _trace.RequestBytes += count;
    }

    public void CountResponseBytes(int count) => _dispatch.Budget.AddResponseBytes(_dispatch.Limits, count);

    public void ThrowIfUnreadable()
    {
        _dispatch.ThrowIfEnded();
        if (_cancellation.IsCancellationRequested || !_dispatch.MayRead())
        {
            throw _dispatch.Cancelled(null, default);
        }
    }

    /// <summary>What reading a body tells the tenant: its dispatch's own end, or that the origin broke off.</summary>
    public Exception TellReadFailure(Exception exception, CancellationToken cancellationToken) =>
        SubrequestFailure.Tell(exception, _dispatch, null, Task.FromException<HttpResponseMessage>(exception), _chain, ref _trace, cancellationToken);

    private void Leave()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            _caller.Dispose();
            _dispatch.Leave(this);
        }
    }
}
