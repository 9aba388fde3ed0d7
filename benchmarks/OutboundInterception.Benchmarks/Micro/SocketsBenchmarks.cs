using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Benchmarks;

/// <summary>Row 2: one subrequest with everything on, over the framework's own handler and a connection in memory.</summary>
[MemoryDiagnoser]
public class SocketsBenchmarks
{
    public const int Operations = 250;

    private static readonly Uri s_uri = new("http://api.example.com/orders");
    private static readonly byte[] s_buffer = new byte[256];

    private readonly HttpRequestMessage _inbound = new(HttpMethod.Get, "https://tenant.apps.example.com/");
    private HttpClient _client = null!;
    private HttpClient _byHand = null!;
    private Bench _bench = null!;

    [GlobalSetup]
    public void Setup()
    {
        _client = new HttpClient(CreateSockets()) { Timeout = Timeout.InfiniteTimeSpan };
        _byHand = new HttpClient(new HandWrittenHandler(CreateSockets())) { Timeout = Timeout.InfiniteTimeSpan };
        _bench = Bench.Create(static builder => builder
            .AddTenant(Bench.Tenant, static async (_, context, _) =>
            {
                await LoopAsync(context.Http);
                return new HttpResponseMessage();
            })
            .ConfigureEgress(egress => egress.ConfigurePrimaryHttpMessageHandler(services => new EgressHandler(
                services.GetRequiredKeyedService<EgressPoolKey>(builder.Name), new EgressOptions(), TimeProvider.System, MemoryConnection.ConnectAsync))));
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _client.Dispose();
        _byHand.Dispose();
        await _bench.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations, Description = "HttpClient + SocketsHttpHandler")]
    public Task HttpClientAsync() => LoopAsync(_client);

    [Benchmark(OperationsPerInvoke = Operations, Description = "the least that isolates and records, by hand")]
    public Task ByHandAsync() => LoopAsync(_byHand);

    [Benchmark(OperationsPerInvoke = Operations, Description = "subrequest")]
    public Task SubrequestAsync() => _bench.DispatchAsync(_inbound);

    private static SocketsHttpHandler CreateSockets() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = MemoryConnection.ConnectAsync,
    };

    private static async Task LoopAsync(HttpClient client)
    {
        for (int operation = 0; operation < Operations; operation++)
        {
            using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, s_uri), HttpCompletionOption.ResponseHeadersRead);
            Stream body = await response.Content.ReadAsStreamAsync();
            while (await body.ReadAsync(s_buffer) > 0)
            {
            }
        }
    }
}
