using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Benchmarks;

/// <summary>Row 13: what timeouts, retry, circuit breaker and limits add to a call that succeeds, here and in a standard resilience handler.</summary>
[MemoryDiagnoser]
public class ResilienceBenchmarks
{
    public const int Operations = SubrequestLoop.Operations;

    private const string Resilient = nameof(Resilient);
    private const string Plain = nameof(Plain);

    private readonly HttpRequestMessage _inbound = new(HttpMethod.Get, "https://tenant.apps.example.com/");
    private ServiceProvider _services = null!;
    private HttpClient _plain = null!;
    private HttpClient _resilient = null!;
    private Bench _off = null!;
    private Bench _on = null!;

    [GlobalSetup]
    public void Setup()
    {
        ServiceCollection services = new();
        services.AddHttpClient(Plain).ConfigurePrimaryHttpMessageHandler(static () => new StubHandler()).RemoveAllLoggers();
        services.AddHttpClient(Resilient).ConfigurePrimaryHttpMessageHandler(static () => new StubHandler()).RemoveAllLoggers().AddStandardResilienceHandler();
        _services = services.BuildServiceProvider();
        IHttpClientFactory factory = _services.GetRequiredService<IHttpClientFactory>();
        (_plain, _resilient) = (factory.CreateClient(Plain), factory.CreateClient(Resilient));
        _plain.Timeout = _resilient.Timeout = Timeout.InfiniteTimeSpan;
        _off = Bench.CreateStubbed(SubrequestLoop.Tenant);

        // One tenant has all the calls of a benchmark: with the default it would be refused after some thousandths of a second.
        _on = Bench.CreateStubbed(
            SubrequestLoop.Tenant,
            static builder => builder.AddResilience(static options => options.RateLimit = new() { PermitsPerSecond = 1_000_000, Burst = 1_000_000 }));
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _off.DisposeAsync();
        await _on.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations, Description = "HttpClient")]
    public Task HttpClientAsync() => SubrequestLoop.RunAsync(_plain);

    [Benchmark(OperationsPerInvoke = Operations, Description = "HttpClient, standard resilience handler")]
    public Task ResilientHttpClientAsync() => SubrequestLoop.RunAsync(_resilient);

    [Benchmark(OperationsPerInvoke = Operations, Description = "subrequest")]
    public Task SubrequestAsync() => _off.DispatchAsync(_inbound);

    [Benchmark(OperationsPerInvoke = Operations, Description = "subrequest, resilience")]
    public Task ResilientSubrequestAsync() => _on.DispatchAsync(_inbound);
}
