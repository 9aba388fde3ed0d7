namespace OutboundInterception;

/// <summary>What has a pipeline, and with it a circuit, of its own.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Authority">
/// Scheme, host and, where it is not the scheme's own, port: <c>https://api.example.com</c>, <c>http://localhost:8080</c>.
/// </param>
public readonly record struct ResilienceKey(string Tenant, string Authority);
