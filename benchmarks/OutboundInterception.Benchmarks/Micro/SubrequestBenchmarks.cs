using BenchmarkDotNet.Attributes;

namespace OutboundInterception.Benchmarks;

/// <summary>Row 1: one pass-through subrequest with everything on, over a stub.</summary>
[MemoryDiagnoser]
public class SubrequestBenchmarks
{
    public const int Operations = SubrequestLoop.Operations;

    private readonly HttpRequestMessage _inbound = new(HttpMethod.Get, "https://tenant.apps.example.com/");
    private HttpClient _client = null!;
    private Bench _bench = null!;

    [GlobalSetup]
    public void Setup()
    {
        _client = new HttpClient(new PassHandler(new StubHandler())) { Timeout = Timeout.InfiniteTimeSpan };
        _bench = Bench.CreateStubbed(SubrequestLoop.Tenant);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _client.Dispose();
        await _bench.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations, Description = "HttpClient + DelegatingHandler")]
    public Task HttpClientAsync() => SubrequestLoop.RunAsync(_client);

    [Benchmark(OperationsPerInvoke = Operations, Description = "subrequest")]
    public Task SubrequestAsync() => _bench.DispatchAsync(_inbound);
}
