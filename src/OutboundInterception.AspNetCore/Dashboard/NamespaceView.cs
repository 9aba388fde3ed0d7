namespace OutboundInterception;

/// <summary>A namespace in the list of them.</summary>
internal sealed record NamespaceView(string Name, string Label, int Tenants, int ActiveDispatches, long PolicyVersion, int Capacity, bool KillSwitch)
{
    public static NamespaceView Of(DashboardNamespace shown, bool killSwitch) => new(
        shown.Dispatch.Name,
        shown.Dispatch.Label,
        shown.Dispatch.Tenants.Count,
        shown.Dispatch.ActiveDispatches,
        shown.Dispatch.Policy.Current.Version,
        shown.Ring.Capacity,
        killSwitch);
}
