using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace OutboundInterception;

/// <summary>What the egress of a namespace is doing about origins that fail, and how to intervene. Thread-safe.</summary>
public sealed class NamespaceResilience
{
    private readonly string _name;
    private readonly EgressPipeline _egress;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _sync = new();

    internal NamespaceResilience(string name, EgressPipeline egress, TimeProvider time, ILogger logger)
    {
        _name = name;
        _egress = egress;
        _time = time;
        _logger = logger;
    }

    /// <summary>The configuration in force: a copy, whose changes change nothing.</summary>
    public ResilienceOptions Options => _egress.Options.Copy();

    /// <summary>The tenants into whose subrequests faults are injected.</summary>
    public IReadOnlyCollection<string> FaultyTenants => _egress.Faults.Keys;

    /// <summary>Each tenant and authority that was used lately, in no order. Empty while only the timeouts are on.</summary>
    public IReadOnlyList<ResilienceStatus> GetSnapshot() => _egress.Pipelines is not { } pipelines
        ? []
        : [.. pipelines.Entries.Select(static entry =>
            new ResilienceStatus(entry.Key.ToPublic(), entry.Circuit, entry.Users, entry.Tenant.Bucket?.Available))];

    /// <summary>Cuts an origin off from a tenant until <see cref="CloseCircuitAsync"/>, however idle it is meanwhile.</summary>
    /// <exception cref="InvalidOperationException">The namespace has no circuit breaker of ours.</exception>
    /// <exception cref="ArgumentException">The authority is not a URL of scheme, host and port.</exception>
    public Task IsolateCircuitAsync(ResilienceKey key) => ControlAsync(key, static control => control.IsolateAsync());

    /// <summary>Closes a circuit, whether it was isolated or has opened by itself.</summary>
    /// <inheritdoc cref="IsolateCircuitAsync"/>
    public Task CloseCircuitAsync(ResilienceKey key) => ControlAsync(key, static control => control.CloseAsync());

    /// <summary>Injects faults into a tenant's subrequests from now on, in place of those that were injected before.</summary>
    /// <param name="tenant">The tenant, whether there is one of that name yet or not.</param>
    /// <param name="faults">Copied: later changes change nothing.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void InjectFaults(string tenant, FaultOptions faults)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenant);
        ArgumentNullException.ThrowIfNull(faults);
        if (faults.Validate(tenant).FirstOrDefault() is { } problem)
        {
            throw new ArgumentException(problem, nameof(faults));
        }

        Change(all => all[tenant] = FaultPipeline.Create(faults, _time));
        Log.FaultsInjected(_logger, _name, tenant, faults.LatencyRate, faults.StatusRate, faults.FailureRate);
    }

    /// <summary>Injects no more faults into a tenant's subrequests.</summary>
    /// <returns>Whether some were injected before.</returns>
    public bool StopFaults(string tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        bool stopped = false;
        Change(all => stopped = all.Remove(tenant));
        if (stopped)
        {
            Log.FaultsStopped(_logger, _name, tenant);
        }

        return stopped;
    }

    private void Change(Action<Dictionary<string, ResiliencePipeline<HttpResponseMessage>>> change)
    {
        lock (_sync)
        {
            Dictionary<string, ResiliencePipeline<HttpResponseMessage>> all = new(_egress.Faults, StringComparer.Ordinal);
            change(all);
            _egress.Faults = all.ToFrozenDictionary(StringComparer.Ordinal);
        }
    }

    private async Task ControlAsync(ResilienceKey key, Func<CircuitBreakerManualControl, Task> act)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key.Tenant, nameof(key));
        OutboundUri uri = Uri.TryCreate(key.Authority, UriKind.Absolute, out Uri? given) ? OutboundUri.Check(given, UrlStrictness.Literal) : default;
        if (uri.Uri is not { PathAndQuery: "/" } authority)
        {
            throw new ArgumentException($"The authority '{key.Authority}' must be an http or https URL of host and port alone, such as 'https://api.example.com'.", nameof(key));
        }

        if (_egress.Pipelines is not { } pipelines || _egress.Options.CircuitBreaker is null)
        {
            throw new InvalidOperationException($"The namespace '{_name}' has no circuit breaker. Turn it on with AddResilience.");
        }

        PipelineEntry entry = pipelines.Enter(PipelineKey.Of(key.Tenant, authority));
        try
        {
            await act(entry.Control!).ConfigureAwait(false);
        }
        finally
        {
            entry.Exit();
        }
    }
}
