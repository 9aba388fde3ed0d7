using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace OutboundInterception.Benchmarks.Tests;

/// <summary>A benchmark that no longer runs is found here, not when somebody needs its figure.</summary>
[CancelAfter(300_000)]
public sealed class BenchmarkTests
{
    private static IEnumerable<TestCaseData> All() =>
        from type in typeof(Interleaved).Assembly.GetTypes()
        from method in type.GetMethods()
        where method.IsDefined(typeof(BenchmarkAttribute))
        select new TestCaseData(type, method).SetArgDisplayNames(type.Name, method.Name);

    [TestCaseSource(nameof(All))]
    public async Task Benchmark_CalledOnce_Runs(Type type, MethodInfo method)
    {
        // With the fewest of what it is given many of.
        object benchmarks = Activator.CreateInstance(type)!;
        await CallAsync(benchmarks, typeof(GlobalSetupAttribute));
        await WaitAsync(method.Invoke(benchmarks, null));
        await CallAsync(benchmarks, typeof(GlobalCleanupAttribute));
    }

    private static async Task CallAsync(object benchmarks, Type attribute)
    {
        foreach (MethodInfo method in benchmarks.GetType().GetMethods().Where(method => method.IsDefined(attribute)))
        {
            await WaitAsync(method.Invoke(benchmarks, null));
        }
    }

    private static Task WaitAsync(object? returned) => returned as Task ?? Task.CompletedTask;
}
