using Microsoft.Extensions.Logging;

namespace OutboundInterception;

/// <summary>
/// A named set of tenants with one outbound chain, one policy and one set of limits. Safe for use by several threads. The
/// container owns and disposes it.
/// </summary>
public sealed partial class DispatchNamespace : IAsyncDisposable, IDisposable
{
    private readonly EffectiveLimits _limits;
    private readonly ParameterSchema _schema;
    private readonly string? _loopId;
    private readonly Func<NestedDispatch, DispatchOptions?>? _nested;
    private readonly OutboundMetrics _metrics;
    private readonly Lock _stop = new();
    private volatile bool _stopping;
    private Task? _stopped;

    internal DispatchNamespace(NamespaceParts parts)
    {
        Name = parts.Name;
        Label = parts.Options.Label ?? parts.Name;
        Services = parts.Services;
        Time = parts.Time;
        Logger = parts.Logger;
        Policy = parts.Policy;
        Outbound = parts.Outbound;
        Tenants = parts.Tenants;
        Deployments = new TenantDeployments(this, parts.Options.KeptVersions);

        Resilience = parts.Resilience;
        Active = new ActiveDispatches(parts.Time);
        _schema = parts.Schema;
        _limits = EffectiveLimits.Default.With(parts.Options.Limits);
        _loopId = parts.Options.CdnLoopId;
        _nested = parts.Options.NestedDispatch;
        ShutdownTimeout = parts.Options.ShutdownTimeout;
        Clock = new RecordClock(Time);
        Telemetry = new NamespaceTelemetry(parts.Metrics, parts.Options.Telemetry, Label);
        _metrics = parts.Metrics;
        _metrics.Add(this);
        Policy.TenantKilled += Active.Kill;
    }

    /// <summary>The name under which it is registered.</summary>
    public string Name { get; }

    /// <summary>What tenants, workers and records are told: <see cref="DispatchNamespaceOptions.Label"/>, or else <see cref="Name"/>.</summary>
    public string Label { get; }

    /// <summary>The tenants, which may be added, replaced and removed at any time.</summary>
    public TenantCollection Tenants { get; }

    /// <summary>Tenants whose code comes at run time: their versions, and what is trusted.</summary>
    public TenantDeployments Deployments { get; }

    /// <summary>The policy in force, which may be replaced at any time.</summary>
    public OutboundPolicyStore Policy { get; }

    /// <summary>What is being done about origins that fail: circuits, rate limits, injected faults.</summary>
    public NamespaceResilience Resilience { get; }

    /// <summary>How many dispatches are in progress, background work included.</summary>
    public int ActiveDispatches => Active.Count;

    /// <summary>
    /// How many dispatches are over although their tenant's code still runs: it ignored its token, or blocks a thread, which
    /// nothing but the end of the process takes back.
    /// </summary>
    public int StuckDispatches => Active.LeftBehind;

    internal NamespaceTelemetry Telemetry { get; }

    internal RecordClock Clock { get; }

    /// <summary>What a dispatch may use that is given no limits of its own. A copy; no member is <see langword="null"/>.</summary>
    public DispatchLimits Limits => _limits.ToLimits();

    internal IServiceProvider Services { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal OutboundChain Outbound { get; }

    internal ActiveDispatches Active { get; }

    internal ParameterSchema Schema => _schema;

    internal TimeSpan ShutdownTimeout { get; }

    internal string? LoopId => _loopId;

    internal EffectiveLimits OwnLimits => _limits;

    /// <summary>Whether new dispatches are refused; its tenants may be gone already.</summary>
    internal bool IsStopping => _stopping;

    /// <summary>Names a tenant. Nothing is looked up: whether there is one shows when it is called.</summary>
    /// <param name="name">The tenant's name, case-sensitive.</param>
    /// <param name="options">What its dispatches are given. Copied here: later changes are not seen.</param>
    /// <exception cref="ArgumentException">
    /// An outbound parameter is undeclared, of the wrong type, or missing without a default; or a limit is out of range.
    /// </exception>
    public TenantStub Get(string name, DispatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return options is null ? new TenantStub(this, name, _schema.Bind(null), null) : Get(name, options, depth: 0);
    }

    /// <summary>The dispatches in progress, background work included, and what they have used; in no particular order.</summary>
    public IReadOnlyList<DispatchStatus> GetActiveDispatches() => Active.Describe();

    /// <summary>Whether there is a tenant of that name at this moment.</summary>
    public bool Contains(string name) => Tenants.Contains(name);

    /// <summary>Names a tenant if there is one at this moment.</summary>
    /// <inheritdoc cref="Get(string, DispatchOptions?)"/>
    public bool TryGet(string name, out TenantStub stub) => TryGet(name, null, out stub);

    /// <summary>Names a tenant if there is one at this moment.</summary>
    /// <inheritdoc cref="Get(string, DispatchOptions?)"/>
    public bool TryGet(string name, DispatchOptions? options, out TenantStub stub)
    {
        bool found = Contains(name);
        stub = found ? Get(name, options) : default;
        return found;
    }

    /// <summary>
    /// Refuses new dispatches, lets those in progress and their background work finish within
    /// <see cref="DispatchNamespaceOptions.ShutdownTimeout"/>, then cancels what is left and says so in the log.
    /// </summary>
    public ValueTask DisposeAsync() => new(StopAsync(CancellationToken.None));

    /// <summary>As <see cref="DisposeAsync"/>, for containers that are disposed synchronously: it blocks until all has ended.</summary>
    public void Dispose() => Task.Run(() => StopAsync(CancellationToken.None)).GetAwaiter().GetResult();

    internal void StopAccepting() => _stopping = true;

    /// <summary>Stops once, however often and by whomever it is asked.</summary>
    internal Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        lock (_stop)
        {
            return _stopped ??= StopCoreAsync(cancellationToken);
        }
    }

    private async Task StopCoreAsync(CancellationToken cancellationToken)
    {
        int cancelled = await Active.DrainAsync(ShutdownTimeout, cancellationToken).ConfigureAwait(false);
        if (cancelled > 0)
        {
            Log.DrainTimedOut(Logger, Name, cancelled);
        }

        Policy.TenantKilled -= Active.Kill;
        try
        {
            await Tenants.RetireAllAsync().WaitAsync(ShutdownTimeout, Time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // The rest goes on where it blocks, and is logged if it fails.
            Log.DisposalTimedOut(Logger, Name);
        }

        await Outbound.DisposeAsync().ConfigureAwait(false);
        Active.Dispose();
        _metrics.Remove(this);
    }
}
