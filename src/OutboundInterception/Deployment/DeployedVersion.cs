namespace OutboundInterception;

/// <summary>One version that is kept. Immutable.</summary>
internal sealed record DeployedVersion(int Number, TenantPackage Package, DateTimeOffset Time);
