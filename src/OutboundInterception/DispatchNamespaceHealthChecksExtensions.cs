using Microsoft.Extensions.Diagnostics.HealthChecks;
using OutboundInterception;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts dispatch namespaces among a host's health checks.</summary>
public static class DispatchNamespaceHealthChecksExtensions
{
    /// <summary>
    /// Checks a namespace for failing subrequests, for too many active dispatches, and for tenants whose code goes on when its
    /// dispatch is over.
    /// </summary>
    /// <param name="builder">The host's health checks.</param>
    /// <param name="name">The namespace, added with <c>AddDispatchNamespace</c>. The check is called <c>dispatch-namespace:name</c>.</param>
    /// <param name="configure">Sets the bounds.</param>
    /// <param name="failureStatus">What is reported instead of unhealthy.</param>
    /// <param name="tags">Tags to select checks by.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is out of range.</exception>
    public static IHealthChecksBuilder AddDispatchNamespaceCheck(
        this IHealthChecksBuilder builder,
        string name = DispatchNamespaceServiceCollectionExtensions.DefaultName,
        Action<DispatchNamespaceHealthOptions>? configure = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        DispatchNamespaceHealthOptions options = new();
        configure?.Invoke(options);
        options.ThrowIfInvalid();
        builder.Services.AddKeyedSingleton(name, (services, _) => new FailureTally(options.Window, services.GetRequiredService<TimeProvider>()));
        builder.Services.Configure<NamespaceSetup>(name, setup => setup.Observers.Add(new ObserverRegistration(
            services => services.GetRequiredKeyedService<FailureTally>(name), IsOwned: false)));
        return builder.Add(new HealthCheckRegistration(
            $"dispatch-namespace:{name}",
            services => new DispatchNamespaceHealthCheck(
                services.GetRequiredKeyedService<DispatchNamespace>(name), services.GetRequiredKeyedService<FailureTally>(name), options),
            failureStatus,
            tags));
    }
}
