using BenchmarkDotNet.Attributes;

namespace OutboundInterception.Benchmarks;

/// <summary>Row 3: naming a tenant.</summary>
[MemoryDiagnoser]
public class GetBenchmarks
{
    public const int Operations = 10_000;

    private Bench _bench = null!;

    [GlobalSetup]
    public void Setup() => _bench = Bench.CreateStubbed(static (_, _, _) => Task.FromResult(new HttpResponseMessage()));

    [GlobalCleanup]
    public async Task CleanupAsync() => await _bench.DisposeAsync();

    [Benchmark(OperationsPerInvoke = Operations, Description = "Get")]
    public int Get()
    {
        DispatchNamespace production = _bench.Namespace;
        int length = 0;
        for (int operation = 0; operation < Operations; operation++)
        {
            length += production.Get(Bench.Tenant).Name.Length;
        }

        return length;
    }
}
