using System.Net.Http.Headers;
using System.Text.Json;
using OutboundInterception;

namespace Storefront;

/// <summary>A well-behaved tenant: asks its API and makes something of the answer.</summary>
public sealed class ShopHandler : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await context.Http.GetAsync("https://api.example.com/orders", cancellationToken);
        return new HttpResponseMessage
        {
            Content = JsonContent.Create(new { shop = context.Tenant, status = (int)answer.StatusCode, api = await ReadAsync(answer.Content, cancellationToken) }),
        };
    }

    // A real server may answer with something else than JSON.
    private static async Task<object> ReadAsync(HttpContent content, CancellationToken cancellationToken) =>
        content.Headers.ContentType is MediaTypeHeaderValue { MediaType: "application/json" }
            ? await content.ReadFromJsonAsync<JsonElement>(cancellationToken)
            : await content.ReadAsStringAsync(cancellationToken);
}
