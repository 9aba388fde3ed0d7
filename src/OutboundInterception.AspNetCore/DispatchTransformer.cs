using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Yarp.ReverseProxy.Forwarder;

namespace OutboundInterception;

/// <summary>Leaves the request's URL as the client asked for it.</summary>
internal sealed class DispatchTransformer : HttpTransformer
{
    public static readonly DispatchTransformer Instance = new();

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = new Uri(httpContext.Request.GetEncodedUrl());
    }
}
