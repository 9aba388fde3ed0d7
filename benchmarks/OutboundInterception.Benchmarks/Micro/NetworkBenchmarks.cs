using System.Net;
using BenchmarkDotNet.Attributes;

namespace OutboundInterception.Benchmarks;

/// <summary>Row 11: whether an address lies in one of many networks.</summary>
[MemoryDiagnoser]
public class NetworkBenchmarks
{
    public const int Operations = 1 << 12;

    private IPNetwork[] _networks = null!;
    private IPAddress[] _addresses = null!;
    private AddressRanges _ranges = null!;

    [Params(10, 1_000, 100_000)]
    public int Networks { get; set; } = 10;

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        _networks = [.. Enumerable.Range(0, Networks).Select(_ =>
        {
            int length = random.Next(16, 29);
            uint address = (uint)random.NextInt64(1L << 32) & (uint.MaxValue << (32 - length));
            return new IPNetwork(Address(address), length);
        })];
        _ranges = new AddressRanges(_networks);
        _addresses = [.. Enumerable.Range(0, Operations).Select(_ => Address((uint)random.NextInt64(1L << 32)))];
    }

    [Benchmark(OperationsPerInvoke = Operations, Description = "ranges")]
    public int Ranges()
    {
        int found = 0;
        foreach (IPAddress address in _addresses)
        {
            found += _ranges.Contains(address) ? 1 : 0;
        }

        return found;
    }

    /// <summary>As people write it.</summary>
    public int List(int count)
    {
        int found = 0;
        foreach (IPAddress address in _addresses.AsSpan(0, count))
        {
            foreach (IPNetwork network in _networks)
            {
                if (network.Contains(address))
                {
                    found++;
                    break;
                }
            }
        }

        return found;
    }

    private static IPAddress Address(uint bits) => new([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]);
}
