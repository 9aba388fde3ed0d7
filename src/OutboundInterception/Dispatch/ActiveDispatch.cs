using System.Collections.ObjectModel;
using System.Net.WebSockets;

namespace OutboundInterception;

/// <summary>One dispatch: what the tenant sees as its context, and how long that lasts.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA1001", Justification = "The source has no timer and no wait handle: nothing to dispose, and a tenant may hold its token.")]
internal sealed partial class ActiveDispatch : TenantContext
{
    // Each thread takes as many numbers at once: a counter that all of them count on is what the cores would wait for.
    private const int IdsAtOnce = 256;

    private static long s_idBlocks;

    [ThreadStatic]
    private static long s_lastId;

    private readonly DispatchNamespace _namespace;
    private readonly TenantEntry _entry;
    private readonly HttpRequestMessage _inbound;
    private readonly DispatchGrant? _grant;
    private HttpClient? _http;
    private long _id;

    // Counted in place by subrequests and bodies.
    public DispatchBudget Budget;

    public ActiveDispatch(
        DispatchNamespace @namespace,
        TenantEntry entry,
        DispatchScope? scope,
        object?[] parameters,
        DispatchGrant? grant,
        HttpRequestMessage inbound)
    {
        _namespace = @namespace;
        _entry = entry;
        _scope = scope;
        _grant = grant;
        _inbound = inbound;
        InboundUri = inbound.RequestUri;
        Parameters = parameters;
    }

    public override string Tenant => _entry.Name;

    public override string Namespace => _namespace.Label;

    public override IReadOnlyDictionary<string, object?> Arguments => _grant?.Arguments ?? ReadOnlyDictionary<string, object?>.Empty;

    public override SocketCapability Sockets => new(
        (host, port, options, cancellationToken) => new SocketExchange(this, host, port, options).ConnectAsync(cancellationToken));

    public override HttpClient Http => _http ?? MakeHttp();

    public DispatchNamespace Home => _namespace;

    public object?[] Parameters { get; }

    public EffectiveLimits Limits => _grant?.Limits ?? _namespace.OwnLimits;

    public int Depth => _grant?.Depth ?? 0;

    /// <summary>What the dispatch was asked for.</summary>
    public HttpRequestMessage Inbound => _inbound;

    public Uri? InboundUri { get; }

    public string? CdnLoopValue => _grant?.CdnLoop ?? _namespace.LoopId;

    public string Id => FormatId(IdNumber);

    public long IdNumber
    {
        get
        {
            // Numbered when somebody asks.
            if (Volatile.Read(ref _id) == 0)
            {
                Interlocked.CompareExchange(ref _id, NextId(), 0);
            }

            return _id;
        }
    }

    public static string FormatId(long number) => $"{Environment.ProcessId:x}-{number:x}";

    public override HttpMessageHandler CreateHandler(RedirectMode redirectMode = RedirectMode.Follow)
    {
        ThrowIfEnded();
        return Enum.IsDefined(redirectMode)
            ? new TenantHttpHandler(this, redirectMode)
            : throw new ArgumentOutOfRangeException(nameof(redirectMode), redirectMode, "Use Follow, Manual or Error.");
    }

    public override Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SendAsync(request, RedirectMode.Follow, cancellationToken);
    }

    public override Task<WebSocket> ConnectWebSocketAsync(
        Uri uri, WebSocketConnectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return WebSocketHandshake.ConnectAsync(this, uri, options ?? new WebSocketConnectOptions(), cancellationToken);
    }

    public override HttpResponseMessage AcceptWebSocket(
        HttpRequestMessage request, Func<WebSocket, CancellationToken, Task> serve, WebSocketAcceptOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(serve);
        ThrowIfEnded();
        return ServedWebSocket.Accept(this, request, serve, options ?? new WebSocketAcceptOptions());
    }

    public override void WaitUntil(Func<CancellationToken, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        BackgroundWork? background;
        using (_lock.Enter())
        {
            background = _ended ? null : _background ??= new BackgroundWork(this);
            background?.Expect();
        }

        (background ?? throw new DispatchEndedException(Tenant)).Start(work);
    }

    public override Fetcher Dispatch(string name, NestedDispatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ThrowIfEnded();
        return _namespace.GetNested(this, name, options);
    }

    public DispatchStatus Describe() => new(
        Id, Tenant, IsOver, Budget.Subrequests, Budget.Concurrent, Budget.RequestBytes, Budget.ResponseBytes, Limits.ToLimits());

    /// <summary>One call of the tenant, with all its hops.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, RedirectMode mode, CancellationToken cancellationToken)
    {
        // The original sends an incoming request on with its redirects to the caller.
        RedirectMode effective = MessageState.MayHaveOptions(request) && request.Options.TryGetValue(SubrequestOptions.RedirectMode, out RedirectMode own)
            ? own
            : ReferenceEquals(request, _inbound) ? RedirectMode.Manual : mode;
        return new Subrequest(this, effective, isWebSocket: false).RunAsync(request, cancellationToken);
    }

    private static long NextId()
    {
        if (s_lastId % IdsAtOnce == 0)
        {
            s_lastId = (Interlocked.Increment(ref s_idBlocks) - 1) * IdsAtOnce;
        }

        return ++s_lastId;
    }

    private HttpClient MakeHttp()
    {
        ThrowIfEnded();
        HttpClient made = new(new TenantHttpHandler(this, RedirectMode.Follow), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        return Interlocked.CompareExchange(ref _http, made, null) ?? made;
    }
}
