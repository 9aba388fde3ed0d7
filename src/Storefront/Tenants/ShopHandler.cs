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
            Content = JsonContent.Create(new
            {
                shop = context.Tenant,
                orders = await answer.Content.ReadAsStringAsync(cancellationToken),
                tokenVisible = answer.RequestMessage!.Headers.Authorization is not null,
            }),
        };
    }
}
