using BenchmarkDotNet.Attributes;

namespace OutboundInterception.Benchmarks;

/// <summary>Row 1: one pass-through subrequest with everything on, over a stub.</summary>
[MemoryDiagnoser]
public class SubrequestBenchmarks
{
    // A dispatch is allowed 1,000 subrequests; its own cost, which is another row's, is spread over these.
    public const int Operations = 500;

    private static readonly Uri s_uri = new("https://api.example.com/orders");

    private readonly HttpRequestMessage _inbound = new(HttpMethod.Get, "https://tenant.apps.example.com/");
    private HttpClient _client = null!;
    private Bench _bench = null!;

    [GlobalSetup]
    public void Setup()
    {
        _client = new HttpClient(new PassHandler(new StubHandler())) { Timeout = Timeout.InfiniteTimeSpan };
        _bench = Bench.CreateStubbed(static async (_, context, _) =>
        {
            await LoopAsync(context.Http);
            return new HttpResponseMessage();
        });
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _client.Dispose();
        await _bench.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations, Description = "HttpClient + DelegatingHandler")]
    public Task HttpClientAsync() => LoopAsync(_client);

    [Benchmark(OperationsPerInvoke = Operations, Description = "subrequest")]
    public Task SubrequestAsync() => _bench.DispatchAsync(_inbound);

    private static async Task LoopAsync(HttpClient client)
    {
        for (int operation = 0; operation < Operations; operation++)
        {
            using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, s_uri), HttpCompletionOption.ResponseHeadersRead);
        }
    }
}
