using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.AspNetCore.Tests;

/// <summary>The README's samples, as they stand there.</summary>
internal static class ReadmeSamples
{
    public static WebApplication Build(WebApplicationBuilder builder, Action<IDispatchNamespaceBuilder> test)
    {
        builder.Services.AddDispatchNamespace("production")
            .AddTenant<ShopHandler>("shop")
            .AddOutboundWorker<ApiCredentials>(ApiCredentials.Customer)
            .ConfigurePolicy(policy => policy.AllowHosts("api.example.com", "*.example.net"));

        test(builder.Services.AddDispatchNamespace("production"));
        WebApplication app = builder.Build();
        app.MapDispatchNamespace("production", TenantResolver.Subdomain("apps.example.com"),
            (http, tenant) => new DispatchOptions().With(ApiCredentials.Customer, $"customer-of-{tenant}"));
        return app;
    }

    public sealed class ApiCredentials : IOutboundWorker
    {
        public static readonly OutboundParameter<string> Customer = new("customer");

        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Host == "api.example.com")
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", $"token-for-{context.Get(Customer)}");
            }

            return context.SendAsync(request, cancellationToken);
        }
    }

    public sealed class ShopHandler : ITenantHandler
    {
        public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
        {
            string[]? orders = await context.Http.GetFromJsonAsync<string[]>("https://api.example.com/orders", cancellationToken);
            context.WaitUntil(token => context.Http.PostAsJsonAsync("https://hooks.example.net/seen", orders!.Length, token));
            return new HttpResponseMessage { Content = JsonContent.Create(orders) };
        }
    }
}
