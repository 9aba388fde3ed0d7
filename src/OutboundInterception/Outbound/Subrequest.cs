namespace OutboundInterception;

/// <summary>One call of a tenant: its hops one after the other, until there is a response for the tenant.</summary>
internal sealed partial class Subrequest : OutboundCall
{
    private const int NotEntered = 0;
    private const int Entered = 1;
    private const int HasEnded = 2;

    private readonly byte _redirectMode;
    private SafeContent? _body;
    private SubrequestTrace _trace;
    private Task<HttpResponseMessage>? _lastSend;
    private List<KeyValuePair<string, object>>? _tenantHeaders;
    private IAbandonable? _wait;
    private bool _takesTrailers;
    private int _state;
    private int _hop;

    public Subrequest(ActiveDispatch dispatch, RedirectMode redirectMode, bool isWebSocket)
        : base(dispatch)
    {
        _redirectMode = (byte)redirectMode;
        IsWebSocket = isWebSocket;
    }

    public bool IsWebSocket { get; }

    /// <summary>What went wrong with the tenant's own body, which the tenant may be told.</summary>
    public Exception? BodyFailure
    {
        get => _trace.BodyFailure;
        set => _trace.BodyFailure = value;
    }

    /// <summary>Sends what a tenant asked for; what goes wrong comes out as the tenant may be told it.</summary>
    /// <param name="request">
    /// The tenant's own message, or for a WebSocket the handshake that <see cref="WebSocketHandshake"/> made, whose response is
    /// for that alone.
    /// </param>
    /// <param name="cancellationToken">The tenant's.</param>
    public Task<HttpResponseMessage> RunAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        TenantRequest tenant = default;
        Task<HttpResponseMessage> passed;
        CallersContext context = CallersContext.Capture();
        try
        {
            // Once: the tenant may change them at any time, and the record is to say what was decided on.
            HttpMethod method = request.Method;
            Uri? uri = request.RequestUri;
            _trace.Begin(Owner, method, uri, IsWebSocket);
            cancellationToken.ThrowIfCancellationRequested();
            Owner.ThrowIfEnded();
            passed = (IsWebSocket ? ShakeHands(request) : SendFirst(request, method, uri, out tenant)) ?? throw NoResponse();

            // Most subrequests end with their first hop, and over a cache or a stub that is answered at once.
            if (TryReturn(passed, request) is { } response)
            {
                return Task.FromResult(response);
            }
        }
        catch (Exception exception)
        {
            return AnswerWait.ThrowAsync(Fail(exception, cancellationToken));
        }
        finally
        {
            // What a worker or a listener sets in it ends with its call, as it does behind an async method.
            context.Restore();
        }

        return new SubrequestWait(this, tenant, passed, request, cancellationToken).Begin(ref _wait, this);
    }

    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, int position, int hop, CancellationToken cancellationToken)
    {
        // What a worker gave to WaitUntil goes on as that does.
        bool isWorkersBackground = !IsBackground && Owner.IsBackgroundCall();
        if (!isWorkersBackground)
        {
            ThrowIfOver(hop);
        }

        CancellationToken token = cancellationToken.CanBeCanceled ? cancellationToken : Token;
        if (Chain.HasTrustedWorkers)
        {
            FollowTrust(request, position);
        }

        if (position < Chain.Workers.Length)
        {
            _trace.Enter(position, Chain);
            Task<HttpResponseMessage> call = Chain.Workers[position].For(Owner).FetchAsync(request, new OutboundContext(this, position, hop), token);
            _trace.Entered(position, call);
            return call;
        }

        EgressRequest message = EgressMessage.Prepare(request, DecideAgain(request), Chain.Pool, Owner.CdnLoopValue, IsWebSocket, _tenantHeaders);
        _takesTrailers = _takesTrailers && message.Headers.NonValidated.Contains("TE");
        if (!isWorkersBackground && message.Content is not (null or TenantBody or WorkerBody))
        {
            message.Content = new WorkerBody(message.Content, this, hop);
        }

        return SendOutAsync(_trace.Leave(message, Owner), token == Token || isWorkersBackground ? token : Link(token));
    }

    public override Task<Stream> ConnectAsync(OutboundConnect connect, int position, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A request is passed on with SendAsync; ConnectAsync is for the connect that IOutboundWorker.ConnectAsync is given.");

    public override void Abort()
    {
        Interrupt();
        if (_body is { } body)
        {
            body.Abort();
        }
        else if (!IsOpen && Volatile.Read(ref _wait) is null && Interlocked.CompareExchange(ref _state, HasEnded, Entered) == Entered)
        {
            // Its call has not come back, and may be blocked for ever by code of the tenant's that writes its body.
            _trace.Fail(new OperationCanceledException(Token));
            Leave();
            _trace.End(Owner);
        }
    }

    /// <summary>Ends the read that goes on.</summary>
    public void Interrupt()
    {
        Cancellation.Request(this, Owner);
        if (_attempt is { } attempt)
        {
            Cancellation.Request(attempt, Owner);
        }

        _wait?.Abandon();
    }

    /// <summary>Ends it with what went wrong.</summary>
    /// <returns>What the tenant is told.</returns>
    private Exception Fail(Exception exception, CancellationToken callers)
    {
        Exception told = _isLate && exception is OperationCanceledException
            ? TellReadFailure(LateHeaders(), callers)
            : SubrequestFailure.Tell(exception, Owner, BodyFailure, _lastSend, Chain, ref _trace, callers);
        int before = Interlocked.Exchange(ref _state, HasEnded);
        if (before == Entered)
        {
            Leave();
        }

        if (before != HasEnded)
        {
            _trace.End(Owner);
        }

        return told;
    }

    private void Leave()
    {
        Owner.Leave(this);
        if (_links is not null)
        {
            Unlink();
        }
    }
}
