using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OutboundInterception;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves the tenants of a namespace.</summary>
public static class DispatchNamespaceEndpointRouteBuilderExtensions
{
    /// <summary>Maps every method and path to the tenant that the resolver names.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="name">The namespace's name.</param>
    /// <param name="resolver">Says which tenant a request is for; a name that no tenant has is answered with 404.</param>
    /// <param name="configure">Gives each dispatch its options and outbound parameters; none by default. Called for tenants that there are.</param>
    /// <returns>For authorization, CORS, rate limits and the like.</returns>
    /// <exception cref="InvalidOperationException">The namespace is not registered.</exception>
    /// <remarks>
    /// What goes wrong before the response has started is answered with ProblemDetails: 400 no valid URL, 404 no such tenant, 403 blocked, 429
    /// limit, 502 upstream failed, 503 shutting down, 504 deadline, 500 tenant failed. Messages are told in Development only.
    /// A client that goes away cancels the dispatch. WebSockets that a tenant serves with <see cref="TenantContext.AcceptWebSocket"/> are
    /// handed on, over HTTP/1.1 and HTTP/2.
    /// </remarks>
    public static IEndpointConventionBuilder MapDispatchNamespace(
        this IEndpointRouteBuilder endpoints, string name, TenantResolver resolver, Func<HttpContext, string, DispatchOptions>? configure = null) =>
        Map(endpoints, name, resolver, configure is null ? null : (http, tenant) => ValueTask.FromResult<DispatchOptions?>(configure(http, tenant)));

    /// <summary>Maps every method and path to the tenant that the resolver names, with options that are looked up.</summary>
    /// <inheritdoc cref="MapDispatchNamespace(IEndpointRouteBuilder, string, TenantResolver, Func{HttpContext, string, DispatchOptions}?)"/>
    public static IEndpointConventionBuilder MapDispatchNamespace(
        this IEndpointRouteBuilder endpoints, string name, TenantResolver resolver, Func<HttpContext, string, ValueTask<DispatchOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Map(endpoints, name, resolver, async (http, tenant) => await configure(http, tenant));
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The endpoint is a RequestDelegate: no parameter is bound by reflection.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "The endpoint is a RequestDelegate: no parameter is bound by reflection.")]
    private static IEndpointConventionBuilder Map(
        IEndpointRouteBuilder endpoints, string name, TenantResolver resolver, Func<HttpContext, string, ValueTask<DispatchOptions?>>? configure)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(resolver);
        IDispatchNamespaces namespaces = endpoints.ServiceProvider.GetService<IDispatchNamespaces>()
            ?? throw new InvalidOperationException($"No dispatch namespace is registered. Call builder.Services.AddDispatchNamespace(\"{name}\") first.");
        DispatchEndpoint endpoint = new(
            namespaces.Get(name), resolver, configure, endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("OutboundInterception.AspNetCore"));
        return endpoints.Map("{**path}", endpoint.InvokeAsync).WithDisplayName($"Dispatch namespace {name}");
    }
}
