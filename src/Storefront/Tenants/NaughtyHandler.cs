using System.Text.Json;
using OutboundInterception;

namespace Storefront;

/// <summary>A tenant that tries what it should not, and tells what came of it.</summary>
public sealed class NaughtyHandler : ITenantHandler
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
    {
        Dictionary<string, string> outcomes = new()
        {
            ["blocked host"] = await TryAsync(HttpMethod.Get, "https://evil.example/"),
            ["denied host of an allowed domain"] = await TryAsync(HttpMethod.Get, "https://admin.example.net/"),
            ["metadata address"] = await TryAsync(HttpMethod.Get, "http://169.254.169.254/"),
            ["redirect to a blocked host"] = await TryAsync(HttpMethod.Get, "https://hooks.example.net/redirect"),
            ["tunnel"] = await TryAsync(HttpMethod.Connect, "https://hooks.example.net/"),
            ["password in the url"] = await TryAsync(HttpMethod.Get, "https://user:pw@hooks.example.net/"),
            ["token in the response's request"] = await LookForTokenAsync(),
        };
        return new HttpResponseMessage { Content = JsonContent.Create(outcomes, options: s_json) };

        async Task<string> TryAsync(HttpMethod method, string url)
        {
            try
            {
                using HttpRequestMessage message = new(method, url);
                using HttpResponseMessage response = await context.FetchAsync(message, cancellationToken);
                return $"got {(int)response.StatusCode}";
            }
            catch (HttpRequestException exception)
            {
                return exception.GetType().Name;
            }
        }

        async Task<string> LookForTokenAsync()
        {
            using HttpRequestMessage message = new(HttpMethod.Get, "https://api.example.com/orders");
            using HttpResponseMessage response = await context.FetchAsync(message, cancellationToken);
            return response.RequestMessage?.Headers.Authorization is null && message.Headers.Authorization is null ? "none" : "found";
        }
    }
}
