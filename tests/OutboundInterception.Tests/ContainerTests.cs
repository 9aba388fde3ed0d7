using Autofac;
using Autofac.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests;

/// <summary>Containers other than the framework's own.</summary>
[CancelAfter(60_000)]
public class ContainerTests
{
    [Test]
    public async Task Autofac_AsTheContainer_DispatchesAsTheFrameworksDoes()
    {
        ServiceCollection services = new();
        services.AddSingleton(new Greeting("hello"));
        services.AddDispatchNamespace("production")
            .AddTenant<Greeter>("singleton")
            .AddTenant<Greeter>("scoped", ServiceLifetime.Scoped)
            .AddOutboundWorker<Answers>(ServiceLifetime.Scoped);
        ContainerBuilder builder = new();
        builder.Populate(services);
        await using AutofacServiceProvider provider = new(builder.Build());
        DispatchNamespace byKey = provider.GetRequiredKeyedService<DispatchNamespace>("production");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(provider.GetRequiredService<IDispatchNamespaces>().Get("production"), Is.SameAs(byKey));
            Assert.That(provider.GetRequiredService<DispatchNamespace>(), Is.SameAs(byKey));
            Assert.That(await AskAsync(byKey, "singleton"), Is.EqualTo("hello from a worker"));
            Assert.That(await AskAsync(byKey, "scoped"), Is.EqualTo("hello from a worker"));
        }
    }

    private static async Task<string> AskAsync(DispatchNamespace tenants, string tenant)
    {
        using HttpResponseMessage response = await tenants.Get(tenant).FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.apps.example.com/"));
        return await response.Content.ReadAsStringAsync();
    }

    private sealed record Greeting(string Text);

    private sealed class Greeter(Greeting greeting) : ITenantHandler
    {
        public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken) =>
            new() { Content = new StringContent(greeting.Text + await context.Http.GetStringAsync("https://api.example.com/", cancellationToken)) };
    }

    private sealed class Answers : IOutboundWorker
    {
        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent(" from a worker") });
    }
}
