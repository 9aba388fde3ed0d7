using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace OutboundInterception;

/// <summary>Lets the headers of a stream of events go before its first event.</summary>
internal sealed class DispatchTransformer : HttpTransformer
{
    public static readonly DispatchTransformer Instance = new();

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        bool copiesBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (proxyResponse?.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            // Not for others: a response without a body may have to end in its first frame (gRPC), and a failure can still be told.
            await httpContext.Response.Body.FlushAsync(cancellationToken);
        }

        return copiesBody;
    }
}
