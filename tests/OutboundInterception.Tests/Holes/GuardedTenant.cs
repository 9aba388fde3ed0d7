using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Holes;

/// <summary>
/// The library where <see cref="PlainClient"/> is the naive way: a namespace that allows one host, with an outbound worker that
/// adds the same credential. All names resolve to loopback, which is an allowed network unless a test says otherwise.
/// </summary>
internal sealed class GuardedTenant : IAsyncDisposable
{
    private const string Act = "act";

    private readonly Platform _platform;
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly ConcurrentQueue<string> _resolved = new();

    public GuardedTenant(Action<IDispatchNamespaceBuilder>? configure = null)
    {
        _platform = Platform.Create(builder =>
        {
            builder
                .AddTenant("tenant", ActAsync)
                .AddTenant("other", ActAsync)
                .AddOutboundWorker(_ => new DelegateWorker(WorkAsync))
                .ConfigurePolicy(policy => policy.AllowHosts(Hosts.Allowed))
                .Configure(options => options.UrlStrictness = UrlStrictness.Literal)
                .ConfigureConnections(options =>
                {
                    options.AllowedNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
                    options.ResolveAsync = (host, _) =>
                    {
                        _resolved.Enqueue(host);
                        return new ValueTask<IPAddress[]>([IPAddress.Loopback]);
                    };
                });
            configure?.Invoke(builder);
        });
    }

    /// <summary>What the outbound worker saw, as method and URL.</summary>
    public IReadOnlyList<string> Seen => [.. _seen];

    /// <summary>The names that were resolved.</summary>
    public IReadOnlyList<string> Resolved => [.. _resolved];

    public IReadOnlyList<SubrequestRecord> Records => [.. _platform.Records];

    /// <summary>Runs in the worker, before the request goes on.</summary>
    public Func<HttpRequestMessage, Task>? Meanwhile { get; set; }

    public bool AddsCredential { get; init; } = true;

    /// <summary>Does something as a tenant, within a dispatch of its own.</summary>
    public async Task<T> RunAsync<T>(Func<TenantContext, Task<T>> act, string tenant = "tenant", DispatchLimits? limits = null)
    {
        T result = default!;
        Func<TenantContext, Task> run = async context => result = await act(context);
        DispatchOptions options = new() { Arguments = { [Act] = run }, Limits = limits };
        using HttpResponseMessage response = await _platform.Namespace.Get(tenant, options)
            .FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.apps.example.com/"));
        return result;
    }

    /// <summary>Does something that fails, and says how.</summary>
    public Task<Exception?> FailAsync(Func<TenantContext, Task> act, string tenant = "tenant", DispatchLimits? limits = null) => RunAsync(
        async context =>
        {
            try
            {
                await act(context);
                return null;
            }
            catch (Exception exception)
            {
                return exception;
            }
        },
        tenant,
        limits);

    /// <summary>Gets a URL through the client that tenants are given.</summary>
    public Task<string> GetAsync(string url, string tenant = "tenant") => RunAsync(context => context.Http.GetStringAsync(url), tenant);

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    private static async Task<HttpResponseMessage> ActAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
    {
        await ((Func<TenantContext, Task>)context.Arguments[Act]!)(context);
        return new HttpResponseMessage();
    }

    private async Task<HttpResponseMessage> WorkAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
    {
        _seen.Enqueue($"{request.Method} {request.RequestUri}");
        if (AddsCredential)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", NaiveHandler.Secret);
        }

        if (Meanwhile is { } meanwhile)
        {
            await meanwhile(request);
        }

        return await context.SendAsync(request, cancellationToken);
    }
}
