using System.Net;

namespace OutboundInterception;

/// <summary>Adds a credential to the requests that it is bound to, and sees to it that the response does not show it.</summary>
internal sealed class CredentialWorker(
    CredentialSource source, OutboundPolicy requests, string? tenant, CredentialRedaction redaction) : IOutboundWorker
{
    public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
    {
        // The head of the chain has seen to it that the URL is absolute, and the egress decides on any other.
        bool isWebSocket = request.Headers.NonValidated.Contains("Upgrade");
        return IsFor(request, context, isWebSocket)
            ? AddAsync(request, context, isWebSocket, cancellationToken)
            : context.SendAsync(request, cancellationToken);
    }

    private bool IsFor(HttpRequestMessage request, OutboundContext context, bool isWebSocket)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } uri || (tenant is not null && tenant != context.Tenant))
        {
            return false;
        }

        // Rules know a WebSocket by its own scheme.
        Uri judged = isWebSocket ? WebSocketHandshake.AsWebSocket(uri) : uri;
        return requests.Decide(context.Tenant, new PolicySubject(HostName.Of(uri), request.Method, judged, request.Headers)).Allowed;
    }

    private async Task<HttpResponseMessage> AddAsync(
        HttpRequestMessage request, OutboundContext context, bool isWebSocket, CancellationToken cancellationToken)
    {
        Uri uri = request.RequestUri!;
        HttpMethod method = request.Method;
        IssuedCredential? issued = await source.GetAsync(new(context, uri, method, wasRejected: false), null, cancellationToken).ConfigureAwait(false);
        if (issued is null)
        {
            return await context.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        bool looksThroughBody = redaction == CredentialRedaction.HeadersAndBody && !isWebSocket;
        if (looksThroughBody)
        {
            // Nothing is found in a compressed body, and nothing whole in one that is fetched piece by piece.
            request.Headers.Remove("Accept-Encoding");
            request.Headers.Remove("Range");
            request.Headers.Remove("If-Range");
        }

        issued.Apply(request);
        HttpResponseMessage response = await context.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Unauthorized && source.CanRefresh)
        {
            CredentialContext rejected = new(context, uri, method, wasRejected: true);
            if (!CanBeSentAgain(request.Content))
            {
                source.Reject(rejected, issued);
            }
            else if (await RefreshAsync(response, rejected, issued, cancellationToken).ConfigureAwait(false) is { } fresh)
            {
                response.Dispose();
                issued = fresh;
                issued.Apply(request);
                response = await context.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
        }

        ResponseRedaction.Apply(response, issued.Secrets, looksThroughBody);
        return response;
    }

    /// <returns>Another value than was rejected, if there is one.</returns>
    private async Task<IssuedCredential?> RefreshAsync(
        HttpResponseMessage response, CredentialContext context, IssuedCredential rejected, CancellationToken cancellationToken)
    {
        try
        {
            IssuedCredential? fresh = await source.GetAsync(context, rejected, cancellationToken).ConfigureAwait(false);
            return fresh?.Value == rejected.Value ? null : fresh;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static bool CanBeSentAgain(HttpContent? content) => content switch
    {
        null => true,
        TenantBody body => body.CanBeSentAgain,

        // Not of a class of somebody's own: those of the framework give the same bytes each time.
        ByteArrayContent or ReadOnlyMemoryContent => content.GetType().Assembly == typeof(HttpContent).Assembly,
        _ => false,
    };
}
