using Microsoft.AspNetCore.Http;

namespace OutboundInterception;

/// <summary>Stands where YARP expects a server: the server is the tenant.</summary>
internal sealed class DispatchHandler(TenantStub stub, HttpContext http, Uri uri) : HttpMessageHandler
{
    private RequestBodyStream? _body;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = uri;
        if (request.Content is { } pushed)
        {
            // YARP's content can only be written; a tenant reads.
            _body = new RequestBodyStream(http.Request.Body);
            StreamContent body = new(_body);
            foreach ((string name, var values) in pushed.Headers.NonValidated)
            {
                body.Headers.TryAdd(name, values);
            }

            request.Content = body;
        }

        HttpResponseMessage response = await stub.FetchAsync(request, cancellationToken);

        // The message itself is the tenant's still if it has no content. A thread of the tenant's may be about to put one into it,
        // and YARP lends pooled buffers to what it reads.
        return response.Content is DispatchContent ? response : response.WithoutContent(request);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body?.End();
        }

        base.Dispose(disposing);
    }
}
