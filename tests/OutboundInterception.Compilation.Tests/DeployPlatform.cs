using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Compilation.Tests;

/// <summary>A namespace to deploy to, whose origin is a function, and the sources that tests deploy.</summary>
internal sealed class DeployPlatform : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public DeployPlatform(Action<IDispatchNamespaceBuilder>? configure = null, Action<IServiceCollection>? services = null)
    {
        ServiceCollection collection = new();
        services?.Invoke(collection);
        IDispatchNamespaceBuilder builder = collection.AddDispatchNamespace("test");
        configure?.Invoke(builder);
        builder.AddOutboundWorker(static _ => new Answer());
        _services = collection.BuildServiceProvider(validateScopes: true);
        Namespace = _services.GetRequiredKeyedService<DispatchNamespace>("test");
    }

    public DispatchNamespace Namespace { get; }

    public TenantDeployments Deployments => Namespace.Deployments;

    public static string Saying(string text) => $$"""
        public sealed class Handler : OutboundInterception.ITenantHandler
        {
            public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundInterception.TenantContext context, CancellationToken cancellationToken) =>
                Task.FromResult(new HttpResponseMessage { Content = new StringContent("{{text}}") });
        }
        """;

    /// <summary>A handler with one statement list as its body.</summary>
    public static string Doing(string statements, string members = "") => $$"""
        using OutboundInterception;
        using System.Net.Http.Json;
        public sealed partial class Handler : ITenantHandler
        {
            public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
            {
                await Task.CompletedTask;
                {{statements}}
            }

            {{members}}
        }
        """;

    public Task<TenantVersion> DeployAsync(string source, DeployOptions? options = null, string tenant = "tenant") =>
        Deployments.DeployAsync(tenant, TenantSource.FromText(source), options);

    public Task<HttpResponseMessage> FetchAsync(string tenant = "tenant") =>
        Namespace.Get(tenant).FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.apps.example.com/"));

    public async Task<string> GetStringAsync(string tenant = "tenant")
    {
        using HttpResponseMessage response = await FetchAsync(tenant);
        return await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    private sealed class Answer : IOutboundWorker
    {
        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent("""{"name":"origin"}""", null, "application/json") });
    }
}
