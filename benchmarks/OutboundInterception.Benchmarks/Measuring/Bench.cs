using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Benchmarks;

/// <summary>
/// A namespace as a host registers it: the defaults, one worker, three rules, and unless somebody says otherwise one observer.
/// No switch is set here that a host would not set.
/// </summary>
internal sealed class Bench : IAsyncDisposable
{
    public const string Tenant = "tenant";

    private readonly ServiceProvider _services;

    private Bench(Action<IDispatchNamespaceBuilder> configure, bool isObserved)
    {
        ServiceCollection services = new();
        services.AddLogging();
        IDispatchNamespaceBuilder builder = services.AddDispatchNamespace("bench")
            .AddOutboundWorker(static _ => new PassWorker())
            .ConfigurePolicy(static policy => policy
                .Deny(static rule => rule.Hosts("*.internal.example"))
                .AllowHosts("api.example.com")
                .AllowHosts("*.example.net"));
        if (isObserved)
        {
            builder.AddOutboundObserver(new LastRecord());
        }

        configure(builder);
        _services = services.BuildServiceProvider();
        Namespace = _services.GetRequiredService<DispatchNamespace>();
    }

    public DispatchNamespace Namespace { get; }

    public static Bench Create(Action<IDispatchNamespaceBuilder> configure, bool isObserved = true) => new(configure, isObserved);

    /// <summary>One whose egress ends in a stub.</summary>
    public static Bench CreateStubbed(TenantDelegate tenant, Action<IDispatchNamespaceBuilder>? configure = null, bool isObserved = true) => new(
        builder =>
        {
            builder.AddTenant(Tenant, tenant).ConfigureEgress(static egress => egress.AddHttpMessageHandler(static () => new StubHandler()));
            configure?.Invoke(builder);
        },
        isObserved);

    /// <summary>One dispatch of the tenant, to its end.</summary>
    public async Task DispatchAsync(HttpRequestMessage request, string tenant = Tenant)
    {
        using HttpResponseMessage response = await Namespace.Get(tenant).FetchAsync(request);
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
