using System.Net;

namespace OutboundInterception;

/// <summary>Makes sure that what leaves the last worker is a message of ours, in our framing, for the host of its URL.</summary>
internal static class EgressMessage
{
    public static EgressRequest Prepare(HttpRequestMessage request, EgressPoolKey pool, string? cdnLoop, bool isWebSocket)
    {
        Uri uri = request.RequestUri is { IsAbsoluteUri: true } given && (given.Scheme == Uri.UriSchemeHttp || given.Scheme == Uri.UriSchemeHttps)
            ? given
            : throw new InvalidOperationException($"An outbound worker sent a request to '{request.RequestUri}', which is no absolute http or https URL.");
        if (request is not EgressRequest message || !ReferenceEquals(message.Pool, pool))
        {
            message = new EgressRequest(request.Method, uri, pool) { Version = request.Version, VersionPolicy = request.VersionPolicy, Content = request.Content };
            foreach ((string name, var values) in request.Headers.NonValidated)
            {
                message.Headers.TryAddWithoutValidation(name, values);
            }
        }

        message.Headers.Host = null;
        message.Headers.TransferEncodingChunked = null;
        if (message.Version.Major >= 3)
        {
            message.Version = HttpVersion.Version20;
            message.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }

        if (cdnLoop is not null)
        {
            message.Headers.Remove(CdnLoop.Header);
            message.Headers.TryAddWithoutValidation(CdnLoop.Header, cdnLoop);
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

        foreach ((string name, var values) in message.Headers.NonValidated)
        {
            foreach (string value in values)
            {
                if (!HeaderRules.IsValidValue(value))
                {
                    throw new InvalidOperationException($"An outbound worker set the header {name} to a value with a control character or one outside of ASCII.");
                }
            }

            if (!isWebSocket && name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException("An outbound worker asked for an upgrade, which only a WebSocket handshake may.");
            }
        }

        return message;
    }
}
