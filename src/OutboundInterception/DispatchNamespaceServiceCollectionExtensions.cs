using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OutboundInterception;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds dispatch namespaces to a host.</summary>
public static class DispatchNamespaceServiceCollectionExtensions
{
    /// <summary>The name of a namespace that was added without one.</summary>
    public const string DefaultName = "default";

    /// <summary>Adds a namespace, or goes on configuring it: calling this twice changes nothing.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">
    /// The key under which <see cref="DispatchNamespace"/> is resolved; 1 to 128 of the characters <c>A-Z a-z 0-9 - _ . ~</c>.
    /// While there is only one namespace, it is resolved without a key too.
    /// </param>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    public static IDispatchNamespaceBuilder AddDispatchNamespace(this IServiceCollection services, string name = DefaultName)
    {
        ArgumentNullException.ThrowIfNull(services);
        TenantName.ThrowIfInvalid(name, nameof(name));
        NamespaceNames names = GetNames(services);
        if (!names.Names.Contains(name))
        {
            names.Names.Add(name);
            EgressPoolKey pool = new(name);
            services.AddKeyedSingleton(name, pool);
            services.AddKeyedSingleton(name, static (provider, key) => provider.GetRequiredService<IDispatchNamespaces>().Get((string)key!));
            services.AddHttpClient(EgressChain.ClientName(name))
                .RemoveAllLoggers()
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
                .ConfigurePrimaryHttpMessageHandler(provider => new EgressHandler(
                    pool,
                    provider.GetRequiredService<Options.IOptionsMonitor<EgressOptions>>().Get(name),
                    provider.GetRequiredService<TimeProvider>()));
        }

        return new DispatchNamespaceBuilder(name, services);
    }

    /// <summary>Adds a namespace with settings from code.</summary>
    /// <inheritdoc cref="AddDispatchNamespace(IServiceCollection, string)"/>
    public static IDispatchNamespaceBuilder AddDispatchNamespace(
        this IServiceCollection services, string name, Action<DispatchNamespaceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        IDispatchNamespaceBuilder builder = services.AddDispatchNamespace(name);
        services.Configure(name, configure);
        return builder;
    }

    /// <summary>Adds the namespace <see cref="DefaultName"/> with settings from code.</summary>
    /// <inheritdoc cref="AddDispatchNamespace(IServiceCollection, string)"/>
    public static IDispatchNamespaceBuilder AddDispatchNamespace(this IServiceCollection services, Action<DispatchNamespaceOptions> configure) =>
        services.AddDispatchNamespace(DefaultName, configure);

    /// <summary>Adds a namespace with settings from a configuration section.</summary>
    /// <inheritdoc cref="AddDispatchNamespace(IServiceCollection, string)"/>
    public static IDispatchNamespaceBuilder AddDispatchNamespace(this IServiceCollection services, string name, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        IDispatchNamespaceBuilder builder = services.AddDispatchNamespace(name);
        services.Configure<DispatchNamespaceOptions>(name, section);
        return builder;
    }

    /// <summary>Adds the namespace <see cref="DefaultName"/> with settings from a configuration section.</summary>
    /// <inheritdoc cref="AddDispatchNamespace(IServiceCollection, string)"/>
    public static IDispatchNamespaceBuilder AddDispatchNamespace(this IServiceCollection services, IConfigurationSection section) =>
        services.AddDispatchNamespace(DefaultName, section);

    /// <summary>
    /// Adds the namespaces that a configuration of the original's shape lists under <c>dispatch_namespaces</c>, each under the
    /// key that is its <c>binding</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The configuration has an unknown key, or lacks one.</exception>
    public static IServiceCollection AddDispatchNamespaces(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        foreach (NamespaceBinding binding in NamespaceBinding.Read(configuration))
        {
            services.AddDispatchNamespace(binding.Binding, options => options.Label = binding.Namespace);
            services.Configure<NamespaceSetup>(binding.Binding, setup =>
            {
                if (binding.Service is not null)
                {
                    setup.WorkerServices.Add(binding.Service);
                }

                setup.Parameters.AddRange(binding.Parameters.Select(static parameter => new OutboundParameter<object?>(parameter)));
            });
        }

        return services;
    }

    /// <summary>Registers an outbound worker that configuration can name as a namespace's <c>service</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="service">The name that configuration uses.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public static IServiceCollection AddOutboundWorker<[DynamicallyAccessedMembers(WorkerRegistration.Members)] TWorker>(
        this IServiceCollection services, string service)
        where TWorker : class, IOutboundWorker
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(service);
        if (!GetNames(services).WorkerServices.TryAdd(service, WorkerRegistration.Of<TWorker>(ServiceLifetime.Singleton)))
        {
            throw new ArgumentException($"There is an outbound worker '{service}' already. Give each a name of its own.", nameof(service));
        }

        return services;
    }

    private static NamespaceNames GetNames(IServiceCollection services)
    {
        if (services.LastOrDefault(static service => service.ServiceType == typeof(NamespaceNames))?.ImplementationInstance is NamespaceNames known)
        {
            return known;
        }

        NamespaceNames names = new();
        services.AddSingleton(names);
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<OutboundMetrics>();
        services.TryAddSingleton<DispatchNamespaces>();
        services.TryAddSingleton<IDispatchNamespaces>(static provider => provider.GetRequiredService<DispatchNamespaces>());
        services.TryAddSingleton(static provider => provider.GetRequiredService<DispatchNamespaces>().GetSingle());
        services.AddHostedService<NamespaceLifetime>();
        return names;
    }
}
