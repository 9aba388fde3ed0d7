using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception;

/// <summary>A namespace as the page shows it.</summary>
internal sealed record DashboardNamespace(DispatchNamespace Dispatch, SubrequestRing Ring, TenantUsageMeter Usage, TrafficObserver Traffic)
{
    /// <summary>Those that were added to the page.</summary>
    public static IReadOnlyDictionary<string, DashboardNamespace> All(IServiceProvider services)
    {
        IDispatchNamespaces namespaces = services.GetService<IDispatchNamespaces>()
            ?? throw new InvalidOperationException("No dispatch namespace is registered. Call builder.Services.AddDispatchNamespace(…).AddOutboundDashboard() first.");
        Dictionary<string, DashboardNamespace> shown = new(StringComparer.Ordinal);
        foreach (string name in namespaces.Names.Order(StringComparer.Ordinal))
        {
            if (services.GetKeyedService<TrafficObserver>(name) is { } traffic)
            {
                DispatchNamespace dispatch = namespaces.Get(name);
                traffic.Active = () => dispatch.ActiveDispatches;
                shown.Add(name, new DashboardNamespace(
                    dispatch, services.GetRequiredKeyedService<SubrequestRing>(name), services.GetRequiredKeyedService<TenantUsageMeter>(name), traffic));
            }
        }

        return shown.Count > 0
            ? shown
            : throw new InvalidOperationException("No dispatch namespace was added to the page. Call AddOutboundDashboard() on the builder of one.");
    }
}
