using OutboundInterception;

namespace Storefront;

/// <summary>A tenant whose policy is not known yet: it is in report mode, which lets out what no rule allows and says so.</summary>
public sealed class NewcomerHandler : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
    {
        using HttpResponseMessage counted = await context.Http.PostAsJsonAsync("https://stats.example.org/visits", new { visitor = 1 }, cancellationToken);
        return new HttpResponseMessage { Content = JsonContent.Create(new { counted = (int)counted.StatusCode }) };
    }
}
