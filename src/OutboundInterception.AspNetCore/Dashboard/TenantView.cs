namespace OutboundInterception;

/// <summary>A tenant: what it may use and has used, its policy, its circuits, its versions.</summary>
internal sealed record TenantView(
    string Name,
    bool Exists,
    bool IsKilled,
    string Mode,
    long PolicyVersion,
    IReadOnlyList<PolicyRuleInfo> Rules,
    IReadOnlyList<LimitView> Limits,
    IReadOnlyList<DispatchView> Dispatches,
    IReadOnlyList<CircuitView> Circuits,
    IReadOnlyList<VersionView> Versions,
    TenantUsage Usage)
{
    // A page is for people: who wants the rest of a long list reads the policy's source.
    private const int MaxRules = 200;

    public static TenantView Of(DashboardNamespace shown, string tenant)
    {
        DispatchNamespace dispatch = shown.Dispatch;
        List<DispatchStatus> running = [.. dispatch.GetActiveDispatches().Where(status => status.Tenant == tenant)];
        OutboundPolicy policy = dispatch.Policy.Current;
        return new TenantView(
            tenant,
            dispatch.Contains(tenant),
            dispatch.Policy.IsKilled(tenant),
            policy.ModeOf(tenant).ToString(),
            policy.Version,
            policy.RulesFor(tenant, MaxRules),
            LimitView.Of(dispatch.Limits, running),
            [.. running.Take(100).Select(DispatchView.Of)],
            [.. dispatch.Resilience.GetSnapshot().Where(status => status.Key.Tenant == tenant).Select(CircuitView.Of)],
            VersionsOf(dispatch, tenant),
            shown.Usage.Read(tenant));
    }

    private static IReadOnlyList<VersionView> VersionsOf(DispatchNamespace dispatch, string tenant)
    {
        try
        {
            return [.. dispatch.Deployments.VersionsOf(tenant).Select(VersionView.Of)];
        }
        catch (TenantNotFoundException)
        {
            // Removed meanwhile, or never there: what it has used is shown all the same.
            return [];
        }
    }
}
