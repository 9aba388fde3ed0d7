namespace OutboundInterception;

/// <summary>How one tenant and one authority stand.</summary>
internal sealed record CircuitView(string Authority, string State, int Waiting)
{
    public static CircuitView Of(ResilienceStatus status) => new(status.Key.Authority, status.Circuit?.ToString() ?? "no breaker", status.Waiting);
}
