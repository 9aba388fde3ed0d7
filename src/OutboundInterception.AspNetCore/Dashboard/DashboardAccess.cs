using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace OutboundInterception;

/// <summary>Who may open the page: this machine, unless the host has asked for authorization or allowed everybody.</summary>
internal static class DashboardAccess
{
    /// <summary>Answers 403 to whoever may not, and sets the headers that bound what the page may do.</summary>
    /// <returns>Whether the request may go on.</returns>
    public static async Task<bool> AdmitAsync(HttpContext http)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        if (IsOpen(http.GetEndpoint()?.Metadata) || IsLocal(http))
        {
            return true;
        }

        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        await http.Response.WriteAsync("The page is for this machine alone. Call RequireAuthorization() or AllowRemote() on MapOutboundDashboard to serve others.");
        return false;
    }

    // With authorization asked for, its middleware has let the request pass already.
    private static bool IsOpen(EndpointMetadataCollection? metadata) =>
        metadata?.GetMetadata<IAuthorizeData>() is not null || metadata?.GetMetadata<AllowRemoteMetadata>() is not null;

    // The name that was asked for, too: a page from elsewhere may let its own name point to this machine and read what it gets.
    private static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } remote
        && IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote)
        && IsLocalName(http.Request.Host.Host);

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    internal sealed class AllowRemoteMetadata;
}
