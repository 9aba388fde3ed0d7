using OutboundInterception;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets the live page show a dispatch namespace.</summary>
public static class OutboundDashboardBuilderExtensions
{
    /// <summary>
    /// Keeps what the page shows of this namespace: its last records with their phases and headers
    /// (<see cref="SubrequestRing"/>), what each tenant uses (<see cref="TenantUsageMeter"/>), and a quarter of an hour of
    /// traffic by the second. Adding it again changes nothing. <c>app.MapOutboundDashboard()</c> serves the page.
    /// </summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="capacity">How many records are kept, 1 to 1,000,000; about 1 KB each.</param>
    public static IDispatchNamespaceBuilder AddOutboundDashboard(this IDispatchNamespaceBuilder builder, int capacity = 10_000)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string name = builder.Name;
        if (builder.Services.Any(service => service.IsKeyedService && service.ServiceType == typeof(TrafficObserver) && name.Equals(service.ServiceKey)))
        {
            return builder;
        }

        TrafficObserver traffic = new();
        builder.Services.AddKeyedSingleton(name, traffic);
        return builder
            .AddOutboundObserver(traffic)
            .AddSubrequestRing(capacity, RecordDetail.Phases | RecordDetail.Headers)
            .AddTenantUsage();
    }
}
