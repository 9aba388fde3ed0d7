using BenchmarkDotNet.Attributes;

namespace OutboundInterception.Benchmarks;

/// <summary>Row 12: finding one of many tenants.</summary>
[MemoryDiagnoser]
public class TenantTableBenchmarks
{
    public const int Operations = 1 << 14;

    private static readonly TenantDelegate s_handler = static (_, _, _) => Task.FromResult(new HttpResponseMessage());

    private string[] _probes = null!;
    private TenantCollection _table = null!;
    private Dictionary<string, object> _dictionary = null!;

    [Params(1_000, 100_000, 1_000_000)]
    public int Tenants { get; set; } = 1_000;

    [GlobalSetup]
    public void Setup()
    {
        _table = Register(Tenants);
        _dictionary = new Dictionary<string, object>(StringComparer.Ordinal);
        for (int number = 0; number < Tenants; number++)
        {
            _dictionary.Add(Name(number), s_handler);
        }

        Random random = new(1);
        _probes = [.. Enumerable.Range(0, Operations).Select(_ => Name(random.Next(Tenants)))];
    }

    [Benchmark(OperationsPerInvoke = Operations, Description = "tenants")]
    public int Table()
    {
        int found = 0;
        foreach (string name in _probes)
        {
            found += _table.Find(name) is null ? 0 : 1;
        }

        return found;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations, Description = "Dictionary")]
    public int Dictionary()
    {
        int found = 0;
        foreach (string name in _probes)
        {
            found += _dictionary.GetValueOrDefault(name) is null ? 0 : 1;
        }

        return found;
    }

    /// <summary>Each with a handler of its own, and a name of 22 characters.</summary>
    internal static TenantCollection Register(int count)
    {
        TenantCollection tenants = new("benchmark", static (_, _) => { });
        for (int number = 0; number < count; number++)
        {
            tenants.Add(Name(number), s_handler);
        }

        return tenants;
    }

    private static string Name(int number) => $"customer-{number:D7}-store";
}
