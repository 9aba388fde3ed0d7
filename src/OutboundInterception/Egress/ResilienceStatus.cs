using Polly.CircuitBreaker;

namespace OutboundInterception;

/// <summary>How one tenant and authority stand at a moment.</summary>
/// <param name="Key">Which.</param>
/// <param name="Circuit">
/// The circuit's state, or <see langword="null"/> if the breaker is off or the pipeline is the host's own. One whose break is
/// over stays <see cref="CircuitState.Open"/> until the next request tries.
/// </param>
/// <param name="Waiting">How many subrequests are on their way: queued, between two attempts, or without headers.</param>
/// <param name="Permits">How many requests the tenant's rate limit admits at this moment, or <see langword="null"/> if it is off.</param>
public readonly record struct ResilienceStatus(ResilienceKey Key, CircuitState? Circuit, int Waiting, int? Permits);
