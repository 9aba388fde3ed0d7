using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OutboundInterception.AspNetCore.Tests;

/// <summary>A platform on a loopback port with one tenant, <c>shop</c>.</summary>
internal sealed class TenantServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TenantServer(WebApplication app, HttpProtocols protocols)
    {
        _app = app;
        Client = new HttpClient
        {
            BaseAddress = new Uri(app.Urls.First()),
            DefaultRequestVersion = protocols == HttpProtocols.Http2 ? new Version(2, 0) : new Version(1, 1),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Client.DefaultRequestHeaders.Host = "shop.apps.example.com";
    }

    public HttpClient Client { get; }

    public DispatchNamespace Namespace => _app.Services.GetRequiredKeyedService<DispatchNamespace>("production");

    public static async Task<TenantServer> StartAsync(
        TenantDelegate tenant,
        Action<IDispatchNamespaceBuilder>? configure = null,
        Func<HttpContext, string, ValueTask<DispatchOptions>>? options = null,
        TenantResolver? resolver = null,
        string environment = "Production",
        HttpProtocols protocols = HttpProtocols.Http1,
        Action<IServiceCollection>? services = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols));
        services?.Invoke(builder.Services);
        IDispatchNamespaceBuilder added = builder.Services.AddDispatchNamespace("production").AddTenant("shop", tenant);
        configure?.Invoke(added);
        WebApplication app = builder.Build();
        resolver ??= TenantResolver.Subdomain("apps.example.com");
        _ = options is null ? app.MapDispatchNamespace("production", resolver) : app.MapDispatchNamespace("production", resolver, options);
        await app.StartAsync();
        return new TenantServer(app, protocols);
    }

    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken = default) =>
        Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
