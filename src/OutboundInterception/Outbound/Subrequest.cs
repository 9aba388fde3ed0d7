namespace OutboundInterception;

/// <summary>One call of a tenant: its hops one after the other, until there is a response for the tenant.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA1001", Justification = "The source has no timer and no wait handle: nothing to dispose, and a tenant may hold its token.")]
internal sealed partial class Subrequest : OutboundCall
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
    private List<KeyValuePair<string, object>>? _tenantHeaders;
    private bool _takesTrailers;
    private int _left;

    public Subrequest(ActiveDispatch dispatch, RedirectMode redirectMode, bool isWebSocket)
        : base(dispatch)
    {
        _dispatch = dispatch;
        _chain = dispatch.Home.Outbound;
        _redirectMode = redirectMode;
        IsWebSocket = isWebSocket;
        _trace = new SubrequestTrace(dispatch);
    }

    public bool IsWebSocket { get; }

    public override bool IsForegroundCall => !IsBackground && !_isAnswered;

    public CancellationToken Token => _cancellation.Token;

    /// <summary>What went wrong with the tenant's own body, which the tenant may be told.</summary>
    public Exception? BodyFailure { get; set; }

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
            // Once: the tenant may change them at any time, and the record is to say what was decided on.
            HttpMethod method = request.Method;
            Uri? uri = request.RequestUri;
            _trace.Begin(method, uri, IsWebSocket);
            cancellationToken.ThrowIfCancellationRequested();
            _dispatch.Enter(this);
            entered = true;
            _caller = cancellationToken.UnsafeRegister(static state => ((Subrequest)state!).Abort(), this);
            HttpResponseMessage response = IsWebSocket
                ? await ShakeHandsAsync(request).ConfigureAwait(false)
                : await FollowAsync(new TenantRequest(request, method), uri, request).ConfigureAwait(false);
            _isAnswered = true;
            return response;
        }
        catch (Exception exception)
        {
            Exception told = _isLate && exception is OperationCanceledException
                ? TellReadFailure(LateHeaders(), cancellationToken)
                : SubrequestFailure.Tell(exception, _dispatch, BodyFailure, _lastSend, _chain, ref _trace, cancellationToken);
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
        // What a worker gave to WaitUntil goes on as that does.
        bool isWorkersBackground = !IsBackground && _dispatch.IsBackgroundCall();
        if (!isWorkersBackground)
        {
            ThrowIfOver(hop);
        }

        CancellationToken token = cancellationToken.CanBeCanceled ? cancellationToken : Token;
        if (_chain.HasTrustedWorkers)
        {
            FollowTrust(request, position);
        }

        if (position < _chain.Workers.Length)
        {
            _trace.Enter(position);
            Task<HttpResponseMessage> call = _chain.Workers[position].For(_dispatch).FetchAsync(request, new OutboundContext(this, position, hop), token);
            _trace.Entered(position, call);
            return call;
        }

        EgressRequest message = EgressMessage.Prepare(request, DecideAgain(request), _chain.Pool, _dispatch.CdnLoopValue, IsWebSocket, _tenantHeaders);
        _takesTrailers = _takesTrailers && message.Headers.NonValidated.Contains("TE");
        if (!isWorkersBackground && message.Content is not (null or TenantBody or WorkerBody))
        {
            message.Content = new WorkerBody(message.Content, this);
        }

        return SendOutAsync(_trace.Leave(message), token == Token || isWorkersBackground ? token : Link(token));
    }

    public override Task<Stream> ConnectAsync(OutboundConnect connect, int position, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A request is passed on with SendAsync; ConnectAsync is for the connect that IOutboundWorker.ConnectAsync is given.");

    public override void Abort()
    {
        Cancel();
        _body?.Abort();
    }

    /// <summary>Ends the read that goes on.</summary>
    public void Cancel()
    {
        Cancellation.Request(_cancellation, _dispatch);
        if (_attempt is { } attempt)
        {
            Cancellation.Request(attempt, _dispatch);
        }
    }

    /// <summary>The response body has been read, disposed or cut off.</summary>
    public void BodyIsDone(long bytes, Exception? failure)
    {
        _trace.ResponseBytes = bytes;
        if (failure is not null)
        {
            _trace.Fail(failure);
        }
        else if (_cancellation.IsCancellationRequested)
        {
            _trace.CutOff();
        }

        Leave();
        _trace.End(_chain);
    }

    /// <summary>Called before bytes of the tenant's body are sent: what is recorded already sends no more.</summary>
    public void CountRequestBytes(int count)
    {
        ThrowIfLeft();
        _dispatch.Budget.AddRequestBytes(_dispatch.Limits, count);

        // A full fence: either the record that is made meanwhile has these bytes, or it is seen here that they come too late.
        Interlocked.Add(ref _trace.RequestBytes, count);
        ThrowIfLeft();
    }

    /// <summary>
    /// Called before bytes of a worker's own body are sent. They are no use that the tenant makes of its limits, and of a
    /// body that a worker has read and made anew only the longer counts.
    /// </summary>
    /// <param name="written">How many they are with those before.</param>
    public void CountWorkersBytes(long written)
    {
        long counted;
        while ((counted = Volatile.Read(ref _trace.RequestBytes)) < written
            && Interlocked.CompareExchange(ref _trace.RequestBytes, written, counted) != counted)
        {
        }

        Interlocked.MemoryBarrier();
        ThrowIfLeft();
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

    private void ThrowIfLeft()
    {
        if (Volatile.Read(ref _left) != 0)
        {
            throw _dispatch.Cancelled(null, default);
        }
    }

    private void Leave()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            _caller.Dispose();
            _dispatch.Leave(this);
            Unlink();
        }
    }
}
