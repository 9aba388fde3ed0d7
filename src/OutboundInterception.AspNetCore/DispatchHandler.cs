using System.Net;
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
                body.Headers.TryAddWithoutValidation(name, values);
            }

            request.Content = body;
        }

        HttpResponseMessage response = await stub.FetchAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            response.Dispose();
            throw new InvalidTenantResponseException(stub.Name, "returned 101. A dispatch has no stream that goes both ways: a tenant can open WebSockets, and not serve them.");
        }

        return response;
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
