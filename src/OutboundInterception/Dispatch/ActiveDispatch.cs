using System.Collections.ObjectModel;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>One dispatch: what the tenant sees as its context, and how long that lasts.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA1001", Justification = "The source has no timer and no wait handle: nothing to dispose, and a tenant may hold its token.")]
internal sealed class ActiveDispatch : TenantContext
{
    private static long s_lastId;

    private readonly DispatchNamespace _namespace;
    private readonly TenantEntry _entry;
    private readonly ITenantHandler _handler;
    private readonly AsyncServiceScope? _scope;
    private readonly HttpRequestMessage _inbound;
    private readonly IReadOnlyDictionary<string, object?>? _arguments;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lock _sync = new();
    private readonly string? _cdnLoop;
    private CancellationTokenRegistration _caller;
    private BackgroundWork? _background;
    private SubrequestList _subrequests;
    private HttpClient? _http;
    private long _id;
    private int _foregroundEnded;
    private int _ended;
    private volatile bool _expired;
    private volatile bool _killed;

    // Counted in place by subrequests and bodies.
    public DispatchBudget Budget;

    public ActiveDispatch(
        DispatchNamespace @namespace,
        TenantEntry entry,
        ITenantHandler handler,
        AsyncServiceScope? scope,
        object?[] parameters,
        IReadOnlyDictionary<string, object?>? arguments,
        EffectiveLimits limits,
        int depth,
        HttpRequestMessage inbound)
    {
        _namespace = @namespace;
        _entry = entry;
        _handler = handler;
        _scope = scope;
        _arguments = arguments;
        _inbound = inbound;
        _cdnLoop = CdnLoop.Next(inbound, @namespace.LoopId, depth);
        InboundUri = inbound.RequestUri;
        Parameters = parameters;
        Limits = limits;
        Depth = depth;
    }

    public override string Tenant => _entry.Name;

    public override string Namespace => _namespace.Label;

    public override IReadOnlyDictionary<string, object?> Arguments => _arguments ?? ReadOnlyDictionary<string, object?>.Empty;

    public override HttpClient Http => _http ?? MakeHttp();

    public DispatchNamespace Home => _namespace;

    public CancellationToken Token => _cancellation.Token;

    public object?[] Parameters { get; }

    public EffectiveLimits Limits { get; }

    public int Depth { get; }

    public Uri? InboundUri { get; }

    public string? CdnLoopValue => _cdnLoop;

    /// <summary>When <see cref="ActiveDispatches"/> ends it.</summary>
    public long Expiry { get; set; }

    public ActiveDispatches.Stripe? Stripe { get; set; }

    public ActiveDispatch? Previous { get; set; }

    public ActiveDispatch? Next { get; set; }

    public bool HasExpired => _expired;

    public bool WasKilled => _killed;

    public string Id
    {
        get
        {
            // Numbered when somebody asks.
            if (Volatile.Read(ref _id) == 0)
            {
                Interlocked.CompareExchange(ref _id, Interlocked.Increment(ref s_lastId), 0);
            }

            return $"{Environment.ProcessId:x}-{_id:x}";
        }
    }

    /// <summary>Whether the response has been sent.</summary>
    public bool IsOver => Volatile.Read(ref _foregroundEnded) != 0;

    private bool HasEnded => Volatile.Read(ref _ended) != 0;

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

    public override void WaitUntil(Func<CancellationToken, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        BackgroundWork background;
        lock (_sync)
        {
            ThrowIfEnded();
            background = _background ??= new BackgroundWork(this);
        }

        background.Start(work);
    }

    public override Fetcher Dispatch(string name, NestedDispatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ThrowIfEnded();
        return _namespace.GetNested(this, name, options);
    }

    public void ThrowIfEnded()
    {
        if (HasEnded)
        {
            throw new DispatchEndedException(Tenant);
        }
    }

    /// <summary>One call of the tenant, with all its hops.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, RedirectMode mode, CancellationToken cancellationToken)
    {
        // The original sends an incoming request on with its redirects to the caller.
        RedirectMode effective = request.Options.TryGetValue(SubrequestOptions.RedirectMode, out RedirectMode own)
            ? own
            : ReferenceEquals(request, _inbound) ? RedirectMode.Manual : mode;
        return new Subrequest(this, effective, isWebSocket: false).RunAsync(request, cancellationToken);
    }

    public async Task<HttpResponseMessage> RunAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _namespace.Active.Add(this, Limits.Deadline);
        _caller = cancellationToken.UnsafeRegister(static state => ((ActiveDispatch)state!).Cancel(), this);
        try
        {
            Task<HttpResponseMessage>? task = _handler.FetchAsync(request, this, _cancellation.Token)
                ?? throw new InvalidTenantResponseException(Tenant, "returned null instead of a task. FetchAsync must return a response.");

            // A tenant that ignores its token is left behind, not waited for.
            HttpResponseMessage? response = task.IsCompleted
                ? await task.ConfigureAwait(false)
                : await task.WaitAsync(_cancellation.Token).ConfigureAwait(false);
            return DispatchContent.Attach(response, this);
        }
        catch (OperationCanceledException exception) when (_cancellation.IsCancellationRequested)
        {
            EndForeground();
            throw Cancelled(exception, cancellationToken);
        }
        catch
        {
            EndForeground();
            throw;
        }
    }

    /// <summary>What a caller gets whose work ended with the dispatch.</summary>
    public TaskCanceledException Cancelled(Exception? inner, CancellationToken callers) => _expired
        ? new TaskCanceledException(
            $"The dispatch of tenant '{Tenant}' was cancelled because its deadline of {Limits.Deadline.TotalSeconds:0.###} s has passed.",
            new TimeoutException("The dispatch's deadline has passed.", inner),
            _cancellation.Token)
        : new TaskCanceledException(
            _killed ? $"The dispatch of tenant '{Tenant}' was stopped by the platform." : null,
            inner,
            callers.IsCancellationRequested ? callers : _cancellation.Token);

    /// <summary>The response has been sent, or there will be none.</summary>
    public void EndForeground()
    {
        if (Interlocked.Exchange(ref _foregroundEnded, 1) != 0)
        {
            return;
        }

        _caller.Dispose();
        bool background;
        lock (_sync)
        {
            background = _background is { IsPending: true } && !_killed;
            if (background)
            {
                Expiry = _namespace.Active.After(Limits.WaitUntil);
            }
        }

        Cancel();
        if (background)
        {
            CancelSubrequests(static subrequest => subrequest.IsForegroundCall);
            BackgroundIsDone();
        }
        else
        {
            End();
        }
    }

    public void BackgroundIsDone()
    {
        if (Volatile.Read(ref _foregroundEnded) != 0 && _background is not { IsPending: true })
        {
            End();
        }
    }

    /// <summary>Its deadline, or the limit of its background work, has passed.</summary>
    public void Expire()
    {
        if (Volatile.Read(ref _foregroundEnded) != 0)
        {
            _background?.Cancel();
            End();
            return;
        }

        _expired = true;
        CancelSubrequests(static subrequest => !subrequest.IsBackground);
        EndForeground();
    }

    public void Kill()
    {
        _killed = true;
        Cancel();
        _background?.Cancel();
        CancelSubrequests(static _ => true);
        EndForeground();
        End();
    }

    /// <summary>Whether the caller may go on reading a body: not what was left un-awaited once the response has been sent.</summary>
    public bool MayRead() => Volatile.Read(ref _foregroundEnded) == 0 || _background is { IsCurrent: true };

    public bool IsBackgroundCall() => _background is { IsCurrent: true };

    public void Enter(Subrequest subrequest)
    {
        lock (_sync)
        {
            ThrowIfEnded();
            if (_foregroundEnded != 0 && subrequest.IsForegroundCall)
            {
                throw Cancelled(null, default);
            }

            Budget.EnterConcurrent(Limits);
            _subrequests.Add(subrequest);
        }
    }

    public void Leave(Subrequest subrequest)
    {
        lock (_sync)
        {
            _subrequests.Remove(subrequest);
        }

        Budget.LeaveConcurrent();
    }

    private void Cancel() => Cancellation.Request(_cancellation, this);

    private HttpClient MakeHttp()
    {
        ThrowIfEnded();
        HttpClient made = new(new TenantHttpHandler(this, RedirectMode.Follow), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        return Interlocked.CompareExchange(ref _http, made, null) ?? made;
    }

    private void CancelSubrequests(Func<Subrequest, bool> which)
    {
        List<Subrequest> found;
        lock (_sync)
        {
            if (_subrequests.IsEmpty)
            {
                return;
            }

            found = _subrequests.Find(which);
        }

        // Outside of the lock: a cancelled subrequest leaves at once.
        found.ForEach(static subrequest => subrequest.Abort());
    }

    private void End()
    {
        lock (_sync)
        {
            if (_ended != 0)
            {
                return;
            }

            Volatile.Write(ref _ended, 1);
        }

        CancelSubrequests(static _ => true);
        _namespace.Active.Remove(this);
        if (_scope is not null || _entry.IsCounted)
        {
            _ = ReleaseAsync();
        }
    }

    private async Task ReleaseAsync()
    {
        try
        {
            if (_scope is { } scope)
            {
                await Disposal.DisposeAsync(_handler).ConfigureAwait(false);
                await scope.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                await _entry.Release().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // The dispatch is over and its caller has its answer; the log is told.
            Log.DisposeFailed(_namespace.Logger, exception, _namespace.Name, Tenant);
        }
    }
}
