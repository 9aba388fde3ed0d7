namespace OutboundInterception;

/// <summary>One raw connection of a tenant, from the wish to its end.</summary>
internal sealed class SocketExchange(ActiveDispatch dispatch, string host, int port, SocketConnectOptions options) : OutboundCall(dispatch)
{
    private SubrequestTrace _trace;
    private long _received;
    private CanonicalHost _host;
    private ActiveSocket? _socket;
    private Task? _lastSend;
    private int _left;

    /// <summary>Host and port as policy and record have them.</summary>
    public string Address => _host.Address is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } ? $"[{_host.Name}]:{port}" : $"{_host.Name}:{port}";

    /// <summary>Opens it; what goes wrong comes out as the tenant may be told it.</summary>
    public async Task<TenantSocket> ConnectAsync(CancellationToken cancellationToken)
    {
        bool entered = false;
        CancellationTokenRegistration caller = default;
        try
        {
            Begin();
            cancellationToken.ThrowIfCancellationRequested();
            Owner.Enter(this);
            entered = true;
            caller = cancellationToken.UnsafeRegister(static state => ((SocketExchange)state!).Abort(), this);
            Decide();
            OutboundConnect connect = new(this, _host, port, options.SecureTransport);
            Stream stream = await PassAsync(ConnectAsync(connect, 0, Token)).ConfigureAwait(false);
            ActiveSocket socket = new(this, connect, stream, options.AllowHalfOpen);

            // A full fence: either who cancels finds the socket, or it is seen below that they have looked already.
            Interlocked.Exchange(ref _socket, socket);
            IsOpen = true;
            _trace.Decision = _trace.WasSent ? SubrequestDecision.Sent : SubrequestDecision.Answered;
            await caller.DisposeAsync().ConfigureAwait(false);
            if (Token.IsCancellationRequested)
            {
                // The end came between the connection and this line.
                socket.Cut(new OperationCanceledException(Token));
                throw new OperationCanceledException(Token);
            }

            return socket;
        }
        catch (Exception exception)
        {
            await caller.DisposeAsync().ConfigureAwait(false);
            Exception told = Tell(exception, _lastSend, cancellationToken);
            Finish(exception, entered);
            if (ReferenceEquals(told, exception))
            {
                throw;
            }

            throw told;
        }
    }

    public override Task<Stream> ConnectAsync(OutboundConnect connect, int position, CancellationToken cancellationToken)
    {
        Token.ThrowIfCancellationRequested();
        if (IsOpen || Volatile.Read(ref _left) != 0)
        {
            throw new InvalidOperationException("The connection that the outbound worker was asked for is open or over. Connect before the worker returns.");
        }

        CancellationToken token = cancellationToken.CanBeCanceled ? cancellationToken : Token;
        if (position < Chain.Workers.Length)
        {
            return Chain.Workers[position].For(Owner).ConnectAsync(connect, new OutboundContext(this, position, hop: 0), token);
        }

        _trace.WasSent = true;
        Task<Stream> opening = OpenAsync(token);
        _lastSend = opening;
        return opening;
    }

    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, int position, int hop, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A connect is passed on with ConnectAsync; SendAsync is for the request that IOutboundWorker.FetchAsync is given.");

    public override void Abort()
    {
        Cancellation.Request(this, Owner);
        _socket?.Cut(null);
    }

    /// <summary>TLS as it is spoken to the host that was asked for.</summary>
    public Task<Stream> SecureAsync(Stream stream, CancellationToken cancellationToken) =>
        Chain.Connections.SecureAsync(stream, _host, cancellationToken);

    public void CountSent(int count)
    {
        Owner.Budget.AddRequestBytes(Owner.Limits, count);
        Interlocked.Add(ref _trace.RequestBytes, count);
    }

    public void CountReceived(int count)
    {
        Interlocked.Add(ref _received, count);
        Owner.Budget.AddResponseBytes(Owner.Limits, count);
    }

    public void ThrowIfUnusable()
    {
        Owner.ThrowIfEnded();
        if (Token.IsCancellationRequested || !Owner.MayRead())
        {
            throw Owner.Cancelled(null, default);
        }
    }

    /// <summary>What using the connection tells the tenant: its dispatch's own end, or that the other side broke off.</summary>
    public void LogDisposeFailed(Exception exception) => Log.SocketDisposeFailed(Owner.Home.Logger, exception, Namespace, Tenant);

    public Exception TellFailure(Exception exception, CancellationToken cancellationToken) =>
        Tell(exception, Task.FromException(exception), cancellationToken);

    public void Finish(Exception? failure, bool entered = true)
    {
        if (Interlocked.Exchange(ref _left, 1) != 0)
        {
            return;
        }

        if (failure is not null)
        {
            _trace.Fail(failure);
        }

        if (entered)
        {
            Owner.Leave(this);
        }

        _trace.End(Owner, _received);
    }

    private Exception Tell(Exception exception, Task? lastSend, CancellationToken callers) =>
        SubrequestFailure.Tell(exception, Owner, null, lastSend, Chain, ref _trace, callers);

    private void Begin()
    {
        bool isHost = HostName.TryParse(host, out _host);
        bool isPort = port is > 0 and <= ushort.MaxValue;
        string scheme = options.SecureTransport == SecureTransport.On ? "tls" : "tcp";
        _trace.Begin(Owner, HttpMethod.Connect, isHost && isPort ? new UriBuilder(scheme, _host.Name, port).Uri : null, isWebSocket: false);
        _trace.Host = _host.Name;
        if (!isHost)
        {
            throw new InvalidSubrequestException(SubrequestProblem.Url, "The host is not one that can be connected to. Give a name or an address alone.");
        }

        if (!isPort)
        {
            throw new InvalidSubrequestException(SubrequestProblem.Port, $"The port {port} does not exist. Give one from 1 to {ushort.MaxValue}.");
        }
    }

    private void Decide()
    {
        if (Chain.DeniesAll)
        {
            Block("deny-all", "This namespace lets nothing out.");
        }

        PolicyDecision decision = Owner.Home.Policy.DecideSocket(Tenant, _host, port);
        _trace.Judge(decision);
        if (!decision.Allowed)
        {
            throw new OutboundBlockedException(_host.Name);
        }

        // 25: mail between servers, which no tenant's code has business with, and every spammer has.
        if (port == 25 && !Chain.Connections.AllowsPort25)
        {
            Block("port-25", "Raw connections to port 25 are not let out.");
        }
    }

    private void Block(string rule, string reason)
    {
        _trace.Block(rule, reason);
        throw new OutboundBlockedException(_host.Name);
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        Stream stream = await Chain.Connections.ConnectAsync(_host, port, cancellationToken).ConfigureAwait(false);
        return options.SecureTransport == SecureTransport.On
            ? await SecureAsync(stream, cancellationToken).ConfigureAwait(false)
            : stream;
    }

    private async Task<Stream> PassAsync(Task<Stream>? passed)
    {
        if (passed is null)
        {
            throw new InvalidOperationException("An outbound worker returned null instead of a task.");
        }

        try
        {
            return await passed.WaitAsync(Token).ConfigureAwait(false)
                ?? throw new InvalidOperationException("An outbound worker returned no connection.");
        }
        catch
        {
            // A worker that ignores its token is left behind; what it opens after all, or has opened just now, is closed.
            _ = passed.ContinueWith(
                static late => late.Result?.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }
}
