namespace OutboundInterception;

/// <summary>What few tenants have beside their handler. Immutable; passed on from an entry to its successor.</summary>
/// <param name="Labels">Tags and metadata.</param>
/// <param name="Versions">What was deployed under the name, where something was.</param>
/// <param name="Split">Another version that a part of the dispatches goes to.</param>
internal sealed record TenantDetails(TenantLabels Labels, DeployedVersions? Versions = null, TrafficSplit? Split = null)
{
    public static readonly TenantDetails None = new(TenantLabels.None);
}
