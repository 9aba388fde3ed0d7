using OutboundInterception;

namespace Storefront;

/// <summary>A tenant that tries what it should not, and tells what came of it.</summary>
public sealed class NaughtyHandler : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
    {
        Dictionary<string, string> outcomes = new()
        {
            ["blocked host"] = await TryAsync(new HttpRequestMessage(HttpMethod.Get, "https://evil.example.org/")),
            ["metadata address"] = await TryAsync(new HttpRequestMessage(HttpMethod.Get, "http://169.254.169.254/latest")),
            ["redirect to a blocked host"] = await TryAsync(new HttpRequestMessage(HttpMethod.Get, "https://partner.example.net/redirect")),
            ["tunnel"] = await TryAsync(new HttpRequestMessage(HttpMethod.Connect, "https://partner.example.net/")),
            ["password in the url"] = await TryAsync(new HttpRequestMessage(HttpMethod.Get, "https://user:pw@partner.example.net/")),
        };
        return new HttpResponseMessage { Content = JsonContent.Create(outcomes) };

        async Task<string> TryAsync(HttpRequestMessage message)
        {
            try
            {
                using HttpResponseMessage response = await context.FetchAsync(message, cancellationToken);
                return $"got {(int)response.StatusCode}";
            }
            catch (HttpRequestException exception)
            {
                return exception.GetType().Name;
            }
        }
    }
}
