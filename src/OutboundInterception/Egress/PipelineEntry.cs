using Polly;
using Polly.CircuitBreaker;

namespace OutboundInterception;

/// <summary>The pipeline of one tenant and authority, with who is using it.</summary>
internal sealed class PipelineEntry(
    PipelineKey key,
    TenantPipelines tenant,
    ConcurrencyGate? gate,
    ResiliencePipeline<HttpResponseMessage> pipeline,
    CircuitBreakerStateProvider? state,
    CircuitBreakerManualControl? control)
{
    // Those who are using it; negative once it is retired.
    private int _users;
    private bool _wasUsed = true;

    public PipelineKey Key => key;

    public TenantPipelines Tenant => tenant;

    public ConcurrencyGate? Gate => gate;

    /// <summary>The circuit breaker, or the host's own.</summary>
    public ResiliencePipeline<HttpResponseMessage> Pipeline => pipeline;

    public CircuitBreakerManualControl? Control => control;

    public CircuitState? Circuit => state?.CircuitState;

    public int Users => int.Max(0, Volatile.Read(ref _users));

    /// <returns>False when it has been retired: there is a successor, or will be.</returns>
    public bool TryEnter()
    {
        int users = Volatile.Read(ref _users);
        while (users >= 0)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                // Written only when it changes anything: readers on other cores keep their copy.
                if (!Volatile.Read(ref _wasUsed))
                {
                    Volatile.Write(ref _wasUsed, true);
                }

                return true;
            }

            users = seen;
        }

        return false;
    }

    public void Exit() => Interlocked.Decrement(ref _users);

    /// <summary>Takes it out of use, unless somebody is using it or the host has cut the origin off.</summary>
    /// <param name="evenIfUsedLately">Whether it need not have been idle since this was last asked.</param>
    public bool TryRetire(bool evenIfUsedLately)
    {
        bool wasUsed = Volatile.Read(ref _wasUsed);
        Volatile.Write(ref _wasUsed, false);
        return (evenIfUsedLately || !wasUsed)
            && Circuit != CircuitState.Isolated
            && Interlocked.CompareExchange(ref _users, int.MinValue, 0) == 0;
    }
}
