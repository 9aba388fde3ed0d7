using BenchmarkDotNet.Attributes;

namespace OutboundInterception.Benchmarks;

/// <summary>Row 4: a dispatch whose tenant sends nothing: look-up, context, limits, cancellation.</summary>
[MemoryDiagnoser]
public class DispatchBenchmarks
{
    public const int Operations = 500;

    private readonly HttpRequestMessage _inbound = new(HttpMethod.Get, "https://tenant.apps.example.com/");
    private readonly Task<HttpResponseMessage> _answer = Task.FromResult(new HttpResponseMessage());
    private Bench _bench = null!;

    [GlobalSetup]
    public void Setup() => _bench = Bench.CreateStubbed((_, _, _) => _answer);

    [GlobalCleanup]
    public async Task CleanupAsync() => await _bench.DisposeAsync();

    [Benchmark(OperationsPerInvoke = Operations, Description = "dispatch")]
    public async Task DispatchAsync()
    {
        TenantStub stub = _bench.Namespace.Get(Bench.Tenant);
        for (int operation = 0; operation < Operations; operation++)
        {
            await stub.FetchAsync(_inbound);
        }
    }
}
