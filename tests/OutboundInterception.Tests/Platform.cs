using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests;

/// <summary>A namespace made the way a host makes it, with what its observers saw.</summary>
internal sealed class Platform : IAsyncDisposable, IOutboundObserver
{
    private readonly ServiceProvider _services;

    private Platform(Action<IDispatchNamespaceBuilder> configure, Action<IServiceCollection>? services, bool isObserved = true)
    {
        ServiceCollection collection = new();
        services?.Invoke(collection);
        IDispatchNamespaceBuilder builder = collection.AddDispatchNamespace("test");
        if (isObserved)
        {
            builder.AddOutboundObserver(this);
        }

        configure(builder);
        _services = collection.BuildServiceProvider(validateScopes: true);
        Namespace = _services.GetRequiredKeyedService<DispatchNamespace>("test");
    }

    public DispatchNamespace Namespace { get; }

    public ConcurrentQueue<SubrequestRecord> Records { get; } = new();

    public static Platform Create(Action<IDispatchNamespaceBuilder> configure, Action<IServiceCollection>? services = null) => new(configure, services);

    /// <summary>One that nobody watches, to see what watching costs.</summary>
    public static Platform CreateUnobserved(Action<IDispatchNamespaceBuilder> configure) => new(configure, null, isObserved: false);

    /// <summary>A platform whose one tenant, "tenant", is a function, and whose api.example.com is the origin.</summary>
    public static Platform Create(
        Origin origin, TenantDelegate tenant, Action<IDispatchNamespaceBuilder>? configure = null, Action<IServiceCollection>? services = null) => Create(
        builder =>
        {
            builder.AddTenant("tenant", tenant).Route("api.example.com", origin.Url).Route("other.example.com", origin.Url);
            configure?.Invoke(builder);
        },
        services);

    public Task<HttpResponseMessage> FetchAsync(DispatchOptions? options = null, CancellationToken cancellationToken = default) =>
        Namespace.Get("tenant", options).FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.apps.example.com/"), cancellationToken);

    public async Task<string> GetStringAsync(DispatchOptions? options = null)
    {
        using HttpResponseMessage response = await FetchAsync(options);
        return await response.Content.ReadAsStringAsync();
    }

    public void SubrequestCompleted(SubrequestRecord record) => Records.Enqueue(record);

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
