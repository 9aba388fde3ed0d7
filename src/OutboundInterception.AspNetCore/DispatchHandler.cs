using Microsoft.AspNetCore.Http;

namespace OutboundInterception;

/// <summary>Stands where YARP expects a server: the server is the tenant.</summary>
internal sealed class DispatchHandler(TenantStub stub, HttpContext http) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } pushed)
        {
            // YARP's content can only be written; a tenant reads.
            StreamContent body = new(new RequestBodyStream(http.Request.Body));
            foreach ((string name, var values) in pushed.Headers.NonValidated)
            {
                body.Headers.TryAddWithoutValidation(name, values);
            }

            request.Content = body;
        }

        return stub.FetchAsync(request, cancellationToken);
    }
}
