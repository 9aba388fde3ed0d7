using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace OutboundInterception;

/// <summary>The URL that the client asked for.</summary>
internal static class InboundUri
{
    /// <returns><see langword="null"/> if host and target make none, as in a request without <c>Host</c>.</returns>
    public static Uri? Of(HttpContext http)
    {
        // Host and target as they were sent: Request.Host has decoded punycode, and Path no longer tells %2520 from %20.
        HttpRequest request = http.Request;
        string target = http.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] raw ? raw : request.GetEncodedPathAndQuery();
        return Uri.TryCreate($"{request.Scheme}://{request.Headers.Host}{target}", UriKind.Absolute, out Uri? uri)
            && uri is { UserInfo.Length: 0, Host.Length: > 0 } ? uri : null;
    }
}
