using System.Net;
using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>Makes sure that what leaves the last worker is a message of ours, in our framing, for the host of its URL.</summary>
internal static class EgressMessage
{
    private static readonly List<KeyValuePair<string, object>> s_none = [];

    /// <param name="request">What the last worker sends.</param>
    /// <param name="uri">Its URL as it was checked.</param>
    /// <param name="pool">The namespace's connections.</param>
    /// <param name="cdnLoop">What the dispatch carries.</param>
    /// <param name="isWebSocket">Whether it may ask for an upgrade.</param>
    /// <param name="tenants">The headers that the tenant gave, to which a worker's add nothing.</param>
    public static EgressRequest Prepare(
        HttpRequestMessage request, Uri uri, EgressPoolKey pool, string? cdnLoop, bool isWebSocket, List<KeyValuePair<string, object>>? tenants)
    {
        if (request is not EgressRequest message || !ReferenceEquals(message.Pool, pool))
        {
            message = new EgressRequest(request.Method, uri, pool) { Version = request.Version, VersionPolicy = request.VersionPolicy, Content = request.Content };
            foreach ((string name, var values) in request.Headers.NonValidated)
            {
                message.Headers.TryAdd(name, values);
            }
        }

        message.RequestUri = uri;
        if (message.Version.Major >= 3)
        {
            message.Version = HttpVersion.Version20;
            message.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }

        if (isWebSocket || MessageState.MayHaveHeaders(message))
        {
            PrepareHeaders(message, cdnLoop, isWebSocket, tenants ?? s_none);
        }

        if (cdnLoop is not null)
        {
            message.Headers.TryAddWithoutValidation(CdnLoop.Header, cdnLoop);
            WorkerHeaders.ThrowIfInvalid(CdnLoop.Header, cdnLoop);
        }

        if (message.Content is { } content)
        {
            ThrowIfInvalid(content.Headers);
        }

        return message;
    }

    private static void PrepareHeaders(EgressRequest message, string? cdnLoop, bool isWebSocket, List<KeyValuePair<string, object>> tenants)
    {
        if (WorkerHeaders.Review(message.Headers, tenants))
        {
            message.Headers.Host = null;
            message.Headers.Remove("Transfer-Encoding");
            if (cdnLoop is not null)
            {
                message.Headers.Remove(CdnLoop.Header);
            }

            if (!isWebSocket && message.Headers.Contains("Upgrade"))
            {
                throw new InvalidOperationException("An outbound worker asked for an upgrade, which only a WebSocket handshake may.");
            }
        }

        if (isWebSocket && message.Version.Major == 2)
        {
            // Workers see the same GET whichever version carries it; on HTTP/2 it is an extended CONNECT (RFC 8441).
            message.Method = HttpMethod.Connect;
            message.Headers.Protocol = "websocket";
            message.Headers.Remove("Upgrade");
            message.Headers.Remove("Connection");
            message.Headers.Remove("Sec-WebSocket-Key");
        }
    }

    private static void ThrowIfInvalid(HttpHeaders headers)
    {
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            foreach (string value in values)
            {
                WorkerHeaders.ThrowIfInvalid(name, value);
            }
        }
    }
}
