using System.Text.Json.Serialization;
using OutboundInterception;

namespace Greeter;

/// <summary>A customer's handler that the platform has seen as source only.</summary>
public sealed class GreeterHandler : ITenantHandler
{
    public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await context.Http.GetAsync("https://api.example.com/greeting", cancellationToken);
        return new HttpResponseMessage
        {
            Content = new StringContent(
                System.Text.Json.JsonSerializer.Serialize(new Greeting($"hello from {context.Tenant}", (int)answer.StatusCode), Json.Default.Greeting),
                System.Text.Encoding.UTF8,
                "application/json"),
        };
    }
}

public sealed record Greeting(string Text, int Status);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Greeting))]
internal sealed partial class Json : JsonSerializerContext;
