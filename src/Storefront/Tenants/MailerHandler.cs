using OutboundInterception;

namespace Storefront;

/// <summary>A tenant that goes on working after its response.</summary>
public sealed class MailerHandler : ITenantHandler
{
    public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
    {
        context.WaitUntil(async token =>
        {
            using HttpResponseMessage first = await context.Http.PostAsJsonAsync("https://hooks.example.net/seen", new { mail = 1 }, token);
            using HttpResponseMessage second = await context.Http.PostAsJsonAsync("https://hooks.example.net/seen", new { mail = 2, before = (int)first.StatusCode }, token);
        });
        return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.Accepted) { Content = JsonContent.Create(new { queued = true }) });
    }
}
