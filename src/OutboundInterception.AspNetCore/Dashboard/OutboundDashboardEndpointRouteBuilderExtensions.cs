using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OutboundInterception;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves the live page.</summary>
public static class OutboundDashboardEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves a page that shows the subrequests of those namespaces to which <c>AddOutboundDashboard()</c> was added, as they
    /// happen. To this machine alone, unless <c>RequireAuthorization()</c> or
    /// <see cref="OutboundDashboardConventionBuilder.AllowRemote"/> is called on what it returns.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">Where the page is; all that it needs is below.</param>
    /// <exception cref="InvalidOperationException">No namespace was added to the page.</exception>
    /// <remarks>
    /// It needs no services of the host's. The kill switch is off until
    /// <see cref="OutboundDashboardConventionBuilder.AllowKillSwitch"/> is called. All that the page shows can be read as JSON
    /// below <c>api/</c>.
    /// </remarks>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The endpoints are RequestDelegates: no parameter is bound by reflection.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "The endpoints are RequestDelegates: no parameter is bound by reflection.")]
    public static OutboundDashboardConventionBuilder MapOutboundDashboard(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/_outbound")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        IReadOnlyDictionary<string, DashboardNamespace> namespaces = DashboardNamespace.All(endpoints.ServiceProvider);
        KillSwitchAccess killSwitch = new();
        DashboardApi api = new(namespaces, killSwitch, endpoints.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System);
        RouteGroupBuilder group = endpoints.MapGroup(pattern);

        Get("/", PageAsync);
        Get("/{file}", static http => DashboardAssets.WriteAsync(http, http.Request.RouteValues["file"]!.ToString()!));
        Get("/api/namespaces", api.NamespacesAsync);
        Of("GET", "summary", api.SummaryAsync);
        Of("GET", "records", DashboardApi.RecordsAsync);
        Of("GET", "feed", api.FeedAsync);
        Of("GET", "har", DashboardApi.HarAsync);
        Of("GET", "dispatches/{dispatch}", DashboardApi.DispatchAsync);
        Of("GET", "tenants", DashboardApi.TenantsAsync);
        Of("GET", "tenants/{tenant}", DashboardApi.TenantAsync);
        Of("POST", "tenants/{tenant}/kill", api.KillAsync);
        Of("POST", "tenants/{tenant}/revive", api.ReviveAsync);
        Of("POST", "dry-run", DashboardApi.DryRunAsync);
        return new OutboundDashboardConventionBuilder(group, killSwitch);

        void Get(string path, RequestDelegate handler) => group.MapGet(path, http => AdmittedAsync(http, handler));

        void Of(string method, string path, Func<HttpContext, DashboardNamespace, Task> handler) => group.MapMethods(
            "/api/namespaces/{namespace}/" + path,
            [method],
            http => AdmittedAsync(http, admitted =>
            {
                if (namespaces.TryGetValue(admitted.Request.RouteValues["namespace"]!.ToString()!, out DashboardNamespace? shown))
                {
                    return handler(admitted, shown);
                }

                admitted.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }));
    }

    private static async Task AdmittedAsync(HttpContext http, RequestDelegate handler)
    {
        if (await DashboardAccess.AdmitAsync(http))
        {
            await handler(http);
        }
    }

    // What the page refers to is below it, so its own address must end with a slash.
    private static Task PageAsync(HttpContext http)
    {
        if (http.Request.Path.Value is { } path && !path.EndsWith('/'))
        {
            http.Response.Redirect(http.Request.PathBase + path + "/" + http.Request.QueryString);
            return Task.CompletedTask;
        }

        // Read by the page's scripts, and by no other site's.
        http.Response.Cookies.Append("outbound-dashboard-token", DashboardAntiforgery.GetToken(http), new CookieOptions
        {
            SameSite = SameSiteMode.Strict,
            Path = http.Request.PathBase + http.Request.Path,
            Secure = http.Request.IsHttps,
        });
        http.Response.Headers.CacheControl = "no-store";
        return DashboardAssets.WriteAsync(http, "index.html");
    }
}
