using System.Diagnostics;

namespace OutboundInterception.Compilation.Tests;

/// <summary>What a deployment costs: printed, and kept from growing out of all proportion.</summary>
[NonParallelizable]
public class DeployTimeTests
{
    [Test]
    public async Task DeployAsync_FromSourceAndFromAssembly_Time()
    {
        await using DeployPlatform platform = new();
        string small = DeployPlatform.Saying("hello");
        string large = DeployPlatform.Doing(
            "return new HttpResponseMessage();",
            string.Concat(Enumerable.Range(0, 100).Select(static index => $"public static string M{index}(int x) {{ var list = new List<int> {{ x, {index} }}; return string.Join(\",\", list.Select(item => item + {index})); }}\n")));
        byte[] smallImage = await TenantCompiler.CompileAsync("tenant", TenantSource.FromText(small), CancellationToken.None);
        byte[] largeImage = await TenantCompiler.CompileAsync("tenant", TenantSource.FromText(large), CancellationToken.None);
        platform.Deployments.Trust.TrustAssembly(AssemblyTrust.Hash(smallImage));
        platform.Deployments.Trust.TrustAssembly(AssemblyTrust.Hash(largeImage));

        double source = await MeasureAsync("source, 5 lines", () => platform.DeployAsync(small));
        await MeasureAsync("source, 100 methods", () => platform.DeployAsync(large));
        await MeasureAsync($"assembly, {smallImage.Length / 1024.0:0.0} KiB", () => platform.Deployments.DeployAsync("tenant", new TenantAssembly { Image = smallImage }));
        await MeasureAsync($"assembly, {largeImage.Length / 1024.0:0.0} KiB", () => platform.Deployments.DeployAsync("tenant", new TenantAssembly { Image = largeImage }));

        // Some 50 ms on a machine with nothing else to do.
        Assert.That(source, Is.LessThan(5_000));
    }

    /// <returns>The least time, in milliseconds.</returns>
    private static async Task<double> MeasureAsync(string what, Func<Task> deploy)
    {
        List<double> elapsed = [];
        TimeSpan before = default;
        using Process process = Process.GetCurrentProcess();
        for (int run = 0; run < 8; run++)
        {
            if (run == 3)
            {
                process.Refresh();
                before = process.TotalProcessorTime;
            }

            long start = Stopwatch.GetTimestamp();
            await deploy();
            if (run >= 3)
            {
                elapsed.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        process.Refresh();
        elapsed.Sort();
        await TestContext.Out.WriteLineAsync(
            $"{what}: median {elapsed[elapsed.Count / 2]:0.0} ms, least {elapsed[0]:0.0} ms, processor {(process.TotalProcessorTime - before).TotalMilliseconds / elapsed.Count:0.0} ms");
        return elapsed[0];
    }
}
