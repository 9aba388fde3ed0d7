using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>
/// The wire's side of a request whose host has a route with the other scheme: the same message with
/// <c>http</c> for <c>https</c>, or the reverse. The message itself keeps its URL, for policy, workers and records.
/// </summary>
internal static class RoutedRequest
{
    public static bool IsSecure(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeWss;

    public static ProbedRequest Copy(HttpRequestMessage request, RouteTarget target)
    {
        Uri uri = request.RequestUri!;
        string authority = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        string scheme = target.IsSecure ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        string named = uri.IsDefaultPort ? authority : $"{authority}:{uri.Port}";
        ProbedRequest copy = new(request.Method, new Uri($"{scheme}://{named}{uri.PathAndQuery}"))
        {
            // Belongs to the original, with which it is disposed: the copy never is.
            Content = request.Content,
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
            Probe = (request as ProbedRequest)?.Probe,
            MetricTags = (request as ProbedRequest)?.MetricTags,
        };

        foreach ((string name, HeaderStringValues values) in request.Headers.NonValidated)
        {
            copy.Headers.TryAdd(name, values);
        }

        // Said expressly: with the other scheme, the port that goes without saying is another one.
        copy.Headers.Host ??= named;
        copy.Headers.Protocol = request.Headers.Protocol;
        return copy;
    }
}
