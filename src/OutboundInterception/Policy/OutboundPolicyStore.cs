using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace OutboundInterception;

/// <summary>
/// The policy of a namespace: the one in force, how to replace it while requests are decided, and the kill switches,
/// which outlive every replacement. Thread-safe; a decision takes no lock.
/// </summary>
public sealed class OutboundPolicyStore
{
    private const string KilledReason = "the tenant is switched off";

    private readonly Lock _lock = new();
    private volatile OutboundPolicy _current;

    // Null while nobody is switched off, which is nearly always.
    private volatile FrozenSet<string>? _killed;

    /// <summary>Puts a first policy in force, as version 1.</summary>
    /// <exception cref="PolicyValidationException">Something is wrong with it; the exception lists all that is.</exception>
    public OutboundPolicyStore(Action<OutboundPolicyBuilder> configure)
        : this(Build(configure))
    {
    }

    /// <inheritdoc cref="OutboundPolicyStore(Action{OutboundPolicyBuilder})"/>
    public OutboundPolicyStore(OutboundPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _current = policy.WithVersion(1);
    }

    /// <summary>
    /// A tenant has just been switched off: its open streams are to end now. Raised on the thread that called
    /// <see cref="Kill"/>, after decisions have begun to be refused, so a stream that is registered first and then asks
    /// <see cref="IsKilled"/> is never missed.
    /// </summary>
    internal event Action<string>? TenantKilled;

    /// <summary>The policy in force. Keep it to decide several times by the same rules.</summary>
    public OutboundPolicy Current => _current;

    /// <summary>The tenants that are switched off.</summary>
    public IReadOnlyCollection<string> Killed => _killed ?? FrozenSet<string>.Empty;

    /// <summary>
    /// Puts a policy in force in place of the present one: not a change of it, all rules are to be given. When it returns, no
    /// further decision is made by the old one.
    /// </summary>
    /// <returns>The policy in force, with a version one higher than the last.</returns>
    /// <exception cref="PolicyValidationException">Something is wrong with it; the old one stays in force.</exception>
    public OutboundPolicy Replace(Action<OutboundPolicyBuilder> configure) => Replace(Build(configure));

    /// <inheritdoc cref="Replace(Action{OutboundPolicyBuilder})"/>
    public OutboundPolicy Replace(IConfiguration section) => Replace(policy => policy.AddConfiguration(section));

    /// <inheritdoc cref="Replace(Action{OutboundPolicyBuilder})"/>
    public OutboundPolicy Replace(OutboundPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        lock (_lock)
        {
            return _current = policy.WithVersion(_current.Version + 1);
        }
    }

    /// <summary>
    /// Replaces the policy each time the configuration reloads, by the section's content alone. The first replacement is the
    /// next reload's.
    /// </summary>
    /// <param name="section">The section that holds the policy.</param>
    /// <param name="refused">Told of a reload that was refused; the old policy stays in force.</param>
    /// <returns>Dispose it to follow no longer.</returns>
    public IDisposable Follow(IConfiguration section, Action<PolicyValidationException> refused)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(refused);
        return ChangeToken.OnChange(section.GetReloadToken, () =>
        {
            try
            {
                Replace(section);
            }
            catch (PolicyValidationException exception)
            {
                refused(exception);
            }
        });
    }

    /// <summary>
    /// Switches a tenant off: from now on nothing of it goes out, in whatever mode, and what is open is cut: dispatches, bodies either
    /// way, WebSockets and sockets of it, and what it gave to <see cref="TenantContext.WaitUntil"/>. Who waits for one of them gets a
    /// <see cref="TaskCanceledException"/>, what is used later throws <see cref="DispatchEndedException"/>. Also for a name that no tenant
    /// has yet.
    /// </summary>
    /// <returns>Whether it was on before.</returns>
    /// <exception cref="AggregateException">The tenant is off, but some of its open streams could not be told.</exception>
    public bool Kill(string tenant)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenant);
        lock (_lock)
        {
            if (IsKilled(tenant))
            {
                return false;
            }

            _killed = Killed.Append(tenant).ToFrozenSet(StringComparer.Ordinal);
        }

        List<Exception>? failures = null;
        foreach (Action<string> subscriber in Delegate.EnumerateInvocationList(TenantKilled))
        {
            try
            {
                subscriber(tenant);
            }
            catch (Exception exception)
            {
                // One that fails must not keep the others from cutting their streams.
                (failures ??= []).Add(exception);
            }
        }

        return failures is null
            ? true
            : throw new AggregateException($"Tenant '{tenant}' is switched off, but not all of its streams may have ended.", failures);
    }

    /// <summary>Switches a tenant on again. What was cut stays cut.</summary>
    /// <returns>Whether it was off before.</returns>
    public bool Revive(string tenant)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenant);
        lock (_lock)
        {
            if (!IsKilled(tenant))
            {
                return false;
            }

            FrozenSet<string> rest = Killed.Where(name => name != tenant).ToFrozenSet(StringComparer.Ordinal);
            _killed = rest.Count == 0 ? null : rest;
            return true;
        }
    }

    /// <summary>Whether a tenant is switched off.</summary>
    public bool IsKilled(string tenant) => _killed is { } killed && killed.Contains(tenant);

    /// <inheritdoc cref="OutboundPolicy.Explain"/>
    /// <remarks>By the policy in force, and by the kill switch before it.</remarks>
    public PolicyDecision Explain(string tenant, HttpRequestMessage request)
    {
        PolicyDecision decision = _current.Explain(tenant, request);
        return IsKilled(tenant) ? Killing(decision.PolicyVersion) : decision;
    }

    /// <summary>Which of the recorded subrequests a new policy would treat otherwise than the one in force; see <see cref="OutboundPolicy.DryRun"/>.</summary>
    /// <remarks>
    /// Records have no headers and, unless <see cref="RecordOptions.Url"/> says more, no whole paths: where a rule of either policy would
    /// have to see them, the result says that it is not certain (<see cref="DryRunDifference.IsCertain"/>).
    /// </remarks>
    /// <param name="records">Those of a <see cref="SubrequestRing"/>, for example; those without an absolute URL are left out.</param>
    /// <param name="newPolicy">The policy that is to be tried.</param>
    public IEnumerable<DryRunDifference> DryRun(IEnumerable<SubrequestRecord> records, OutboundPolicy newPolicy)
    {
        ArgumentNullException.ThrowIfNull(records);
        return DryRun(records.Select(static record => record.ToDryRunRequest()).OfType<DryRunRequest>(), newPolicy);
    }

    /// <summary>Which of the requests a new policy would treat otherwise than the one in force; see <see cref="OutboundPolicy.DryRun"/>.</summary>
    public IEnumerable<DryRunDifference> DryRun(IEnumerable<DryRunRequest> requests, OutboundPolicy newPolicy)
        => _current.DryRun(requests, newPolicy);

    /// <summary>Decides on one hop. <paramref name="uri"/> has the scheme that the tenant asked for: <c>wss</c>, not <c>https</c>, for a WebSocket.</summary>
    internal PolicyDecision Decide(string tenant, HttpRequestMessage message, Uri uri, in CanonicalHost host)
        => Decide(tenant, new PolicySubject(host, message, uri));

    /// <summary>Decides on a raw connection, whose scheme is <c>tcp</c> and which has no method, path or headers.</summary>
    internal PolicyDecision DecideSocket(string tenant, in CanonicalHost host, int port)
        => Decide(tenant, PolicySubject.Socket(host, port));

    private PolicyDecision Decide(string tenant, in PolicySubject subject)
    {
        OutboundPolicy policy = _current;
        return IsKilled(tenant) ? Killing(policy.Version) : policy.Decide(tenant, subject);
    }

    private static PolicyDecision Killing(long version)
        => new(false, false, PolicyMode.Enforce, PolicyDecision.KillSwitchRule, KilledReason, version);

    private static OutboundPolicy Build(Action<OutboundPolicyBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        OutboundPolicyBuilder builder = new();
        configure(builder);
        return builder.Build();
    }
}
