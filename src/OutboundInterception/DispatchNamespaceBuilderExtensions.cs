using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using OutboundInterception;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures a dispatch namespace.</summary>
public static class DispatchNamespaceBuilderExtensions
{
    /// <summary>Adds a tenant whose handler takes its constructor's dependencies from the host's services.</summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="name">1 to 128 of the characters <c>A-Z a-z 0-9 - _ . ~</c>, case-sensitive, unique in the namespace.</param>
    /// <param name="lifetime">
    /// <see cref="ServiceLifetime.Singleton"/> for one handler for all dispatches, <see cref="ServiceLifetime.Scoped"/> for one
    /// per dispatch, in a service scope of its own.
    /// </param>
    /// <exception cref="ArgumentException">The name is invalid, or the constructor takes what no tenant may have.</exception>
    public static IDispatchNamespaceBuilder AddTenant<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        this IDispatchNamespaceBuilder builder, string name, ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where THandler : class, ITenantHandler => builder.Add(TenantRegistration.Of<THandler>(name, lifetime));

    /// <summary>Adds a tenant whose handler a function makes: once, or with <see cref="ServiceLifetime.Scoped"/> once per dispatch.</summary>
    /// <inheritdoc cref="AddTenant{THandler}(IDispatchNamespaceBuilder, string, ServiceLifetime)"/>
    public static IDispatchNamespaceBuilder AddTenant(
        this IDispatchNamespaceBuilder builder, string name, Func<IServiceProvider, ITenantHandler> factory, ServiceLifetime lifetime = ServiceLifetime.Singleton) =>
        builder.Add(TenantRegistration.Of(name, factory, lifetime));

    /// <summary>Adds a tenant that is one function.</summary>
    /// <inheritdoc cref="AddTenant{THandler}(IDispatchNamespaceBuilder, string, ServiceLifetime)"/>
    public static IDispatchNamespaceBuilder AddTenant(this IDispatchNamespaceBuilder builder, string name, TenantDelegate handler) =>
        builder.Add(TenantRegistration.Of(name, handler));

    /// <summary>Adds an outbound worker behind those that were added before.</summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="parameters">The outbound parameters that it reads; this declares them.</param>
    public static IDispatchNamespaceBuilder AddOutboundWorker<[DynamicallyAccessedMembers(WorkerRegistration.Members)] TWorker>(
        this IDispatchNamespaceBuilder builder, params OutboundParameter[] parameters)
        where TWorker : class, IOutboundWorker => builder.AddOutboundWorker<TWorker>(ServiceLifetime.Singleton, parameters);

    /// <summary>Adds an outbound worker behind those that were added before.</summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="lifetime">
    /// <see cref="ServiceLifetime.Singleton"/> for one worker for all, <see cref="ServiceLifetime.Scoped"/> for one per
    /// dispatch, in the dispatch's own service scope.
    /// </param>
    /// <param name="parameters">The outbound parameters that it reads; this declares them.</param>
    public static IDispatchNamespaceBuilder AddOutboundWorker<[DynamicallyAccessedMembers(WorkerRegistration.Members)] TWorker>(
        this IDispatchNamespaceBuilder builder, ServiceLifetime lifetime, params OutboundParameter[] parameters)
        where TWorker : class, IOutboundWorker
    {
        ArgumentNullException.ThrowIfNull(parameters);
        WorkerRegistration worker = WorkerRegistration.Of<TWorker>(lifetime);
        return builder.Set(setup =>
        {
            setup.Workers.Add(worker);
            setup.Parameters.AddRange(parameters);
        });
    }

    /// <summary>Adds an outbound worker that a function makes.</summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="factory">Called once, when the namespace is made.</param>
    /// <param name="parameters">The outbound parameters that it reads; this declares them.</param>
    public static IDispatchNamespaceBuilder AddOutboundWorker(
        this IDispatchNamespaceBuilder builder, Func<IServiceProvider, IOutboundWorker> factory, params OutboundParameter[] parameters)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(parameters);
        return builder.Set(setup =>
        {
            setup.Workers.Add(new WorkerRegistration(null, "worker", factory, IsScoped: false));
            setup.Parameters.AddRange(parameters);
        });
    }

    /// <summary>Declares outbound parameters that no worker's registration declares.</summary>
    public static IDispatchNamespaceBuilder AddOutboundParameters(this IDispatchNamespaceBuilder builder, params OutboundParameter[] parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return builder.Set(setup => setup.Parameters.AddRange(parameters));
    }

    /// <summary>Lets no subrequest out: the counterpart of the original's <c>globalOutbound: null</c>.</summary>
    public static IDispatchNamespaceBuilder DenyAllOutbound(this IDispatchNamespaceBuilder builder) => builder.Set(static setup => setup.DeniesAll = true);

    /// <summary>Adds an observer, which sees every subrequest and changes nothing.</summary>
    public static IDispatchNamespaceBuilder AddOutboundObserver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TObserver>(
        this IDispatchNamespaceBuilder builder)
        where TObserver : class, IOutboundObserver =>
        builder.Set(static setup => setup.Observers.Add(static services => ActivatorUtilities.CreateInstance<TObserver>(services)));

    /// <summary>Adds an observer that the host owns.</summary>
    public static IDispatchNamespaceBuilder AddOutboundObserver(this IDispatchNamespaceBuilder builder, IOutboundObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return builder.Set(setup => setup.Observers.Add(_ => observer));
    }

    /// <summary>Sets the namespace's options.</summary>
    public static IDispatchNamespaceBuilder Configure(this IDispatchNamespaceBuilder builder, Action<DispatchNamespaceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(builder.Name, configure);
        return builder;
    }

    /// <summary>Adds to the policy with which the namespace starts. Several calls add up.</summary>
    public static IDispatchNamespaceBuilder ConfigurePolicy(this IDispatchNamespaceBuilder builder, Action<OutboundPolicyBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.Set(setup => setup.Policy.Add(configure));
    }

    /// <summary>
    /// Adds the host's own handlers between the last outbound worker and the connections. The primary handler stays the
    /// library's: start-up fails if it was replaced.
    /// </summary>
    public static IDispatchNamespaceBuilder ConfigureEgress(this IDispatchNamespaceBuilder builder, Action<IHttpClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(builder.Services.AddHttpClient(EgressChain.ClientName(builder.Name)));
        return builder;
    }

    /// <summary>Sets which addresses may be reached, how names are resolved, and the bounds of the connections.</summary>
    public static IDispatchNamespaceBuilder ConfigureConnections(this IDispatchNamespaceBuilder builder, Action<EgressOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(builder.Name, configure);
        return builder;
    }

    /// <summary>Reads the same settings from a configuration section.</summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="section">
    /// The scalar properties of <see cref="EgressOptions"/> by their names, its networks as lists of <c>10.0.0.0/8</c>, its routes as
    /// an object of host and endpoint, its trusted roots as a list of PEM files. What is unknown or cannot be read fails the start.
    /// </param>
    public static IDispatchNamespaceBuilder ConfigureConnections(this IDispatchNamespaceBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return builder.ConfigureConnections(options => new EgressConfigurationReader(options).Read(section));
    }

    /// <summary>
    /// Shows servers a client certificate for one tenant: on connections of its own, behind the address guard, which no other
    /// tenant's request is sent on.
    /// </summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="tenant">The tenant's name, compared to the letter.</param>
    /// <param name="certificate">With its private key. It stays the caller's to dispose, after the namespace.</param>
    /// <param name="hosts">The hosts that it is shown to, as in a policy: <c>api.example.com</c> or <c>*.example.com</c>.</param>
    public static IDispatchNamespaceBuilder AddClientCertificate(
        this IDispatchNamespaceBuilder builder, string tenant, X509Certificate2 certificate, params IEnumerable<string> hosts)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ClientCertificate added = new(certificate, hosts, tenant);
        return builder.ConfigureConnections(options => options.ClientCertificates.Add(added));
    }

    /// <summary>
    /// Lets connections to a host go to another endpoint, as a hosts file does: for laptops and tests. URL, <c>Host</c>, policy
    /// and record stay the host's; only this endpoint is exempt from the address guard.
    /// </summary>
    /// <param name="builder">The namespace.</param>
    /// <param name="host">The host, without a port: all its ports go there.</param>
    /// <param name="endpoint">An <c>http</c> or <c>https</c> URL of host and port alone.</param>
    public static IDispatchNamespaceBuilder Route(this IDispatchNamespaceBuilder builder, string host, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(endpoint);
        return builder.ConfigureConnections(options => options.Routes[host] = endpoint);
    }

    /// <summary>Adds an outbound worker that runs behind all others, those that are added later included.</summary>
    internal static IDispatchNamespaceBuilder AddLastOutboundWorker(
        this IDispatchNamespaceBuilder builder, string name, Func<IServiceProvider, IOutboundWorker> factory) =>
        builder.Set(setup => setup.LastWorkers.Add(new WorkerRegistration(null, name, factory, IsScoped: false)));

    private static IDispatchNamespaceBuilder Add(this IDispatchNamespaceBuilder builder, TenantRegistration tenant) =>
        builder.Set(setup => setup.Tenants.Add(tenant));

    private static IDispatchNamespaceBuilder Set(this IDispatchNamespaceBuilder builder, Action<NamespaceSetup> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(builder.Name, configure);
        return builder;
    }
}
