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

    /// <summary>The response body has been read, disposed or cut off: whichever comes first.</summary>
    public void BodyIsDone(long bytes, Exception? failure)
    {
        int before = Interlocked.Exchange(ref _state, HasEnded);
        if (before == HasEnded)
        {
            return;
        }

        if (failure is not null)
        {
            _trace.Fail(failure);
        }
        else if (IsCancellationRequested)
        {
            _trace.CutOff(Owner);
        }

        if (before == Entered)
        {
            Leave();
        }

        _trace.End(Owner, bytes);
    }

    /// <summary>Called before bytes of the tenant's body are sent: what is recorded already sends no more.</summary>
    /// <param name="count">How many.</param>
    /// <param name="hop">Whose body it is: over HTTP/2 an origin may redirect before it has all of it.</param>
    public void CountRequestBytes(int count, int hop)
    {
        ThrowIfRecorded(hop);
        Owner.Budget.AddRequestBytes(Owner.Limits, count);

        // A full fence: either the record that is made meanwhile has these bytes, or it is seen here that they come too late.
        Interlocked.Add(ref _trace.RequestBytes, count);
        ThrowIfRecorded(hop);
    }

    /// <summary>
    /// Called before bytes of a worker's own body are sent. They are no use that the tenant makes of its limits, and of a
    /// body that a worker has read and made anew only the longer counts.
    /// </summary>
    /// <param name="written">How many they are with those before.</param>
    /// <param name="hop">Whose body it is.</param>
    public void CountWorkersBytes(long written, int hop)
    {
        ThrowIfRecorded(hop);
        long counted;
        while ((counted = Volatile.Read(ref _trace.RequestBytes)) < written
            && Interlocked.CompareExchange(ref _trace.RequestBytes, written, counted) != counted)
        {
        }

        Interlocked.MemoryBarrier();
        ThrowIfRecorded(hop);
    }

    /// <summary>Cancels what was made for code of the tenant's.</summary>
    public void RequestCancellation(CancellationTokenSource source) => Cancellation.Request(source, Owner);

    public void CountResponseBytes(int count) => Owner.Budget.AddResponseBytes(Owner.Limits, count);

    public void ThrowIfUnreadable()
    {
        Owner.ThrowIfEnded();
        if (IsCancellationRequested || !Owner.MayRead())
        {
            throw Owner.Cancelled(null, default);
        }
    }

    /// <summary>What reading a body tells the tenant: its dispatch's own end, or that the origin broke off.</summary>
    public Exception TellReadFailure(Exception exception, CancellationToken cancellationToken) =>
        SubrequestFailure.Tell(exception, Owner, null, Task.FromException<HttpResponseMessage>(exception), Chain, ref _trace, cancellationToken);

    /// <summary>Disposes what workers returned. Its content may be another tenant's.</summary>
    /// <param name="response">It.</param>
    /// <param name="apart">Whether nobody may have to wait for that.</param>
    public void DisposeResponse(HttpResponseMessage response, bool apart = false)
    {
        if (apart && !IsTheConnections(response))
        {
            Owner.DisposeResponseApart(response);
        }
        else
        {
            Owner.DisposeResponse(response);
        }
    }

    /// <summary>Whether it is over, and being recorded.</summary>
    public bool HasLeft => Volatile.Read(ref _state) == HasEnded;

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

    private void ThrowIfRecorded(int hop)
    {
        if (HasLeft || hop != Volatile.Read(ref _hop))
        {
            throw Owner.Cancelled(null, default);
        }
    }

    // The framework's own classes that nobody else can make: they hold a connection, and let go of it at once.
    private static bool IsTheConnections(HttpResponseMessage response) =>
        response.GetType() == typeof(HttpResponseMessage) && response.Content.GetType() is { IsVisible: false } type && type.Assembly == typeof(HttpContent).Assembly;

    private void Leave()
    {
        Owner.Leave(this);
        if (_links is not null)
        {
            Unlink();
        }
    }
}
