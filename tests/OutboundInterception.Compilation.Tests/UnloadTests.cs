using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Compilation.Tests;

/// <summary>That old code goes. Load contexts are known by the name that they bear: the tenant's, and the start of the hash.</summary>
[CancelAfter(300_000)]
public class UnloadTests
{
    // Deserializes its own type with the options that all share, which is what keeps it, if nothing is done about it.
    private const string UsesJson = """
        Order? order = await context.Http.GetFromJsonAsync<Order>("https://api.example.com/", cancellationToken);
        context.WaitUntil(async token => (await context.Http.PostAsJsonAsync("https://api.example.com/", order, token)).Dispose());
        return new HttpResponseMessage { Content = JsonContent.Create(order) };
        """;

    private const string Order = "public sealed record Order(string Name);";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static readonly string s_usesJson = DeployPlatform.Doing(UsesJson, Order);

    private readonly string _tenant = $"t{Guid.NewGuid():n}";

    [Test]
    public async Task DeployAsync_Replaced_OldCodeIsCollectedAfterItsLastDispatch()
    {
        await using DeployPlatform platform = new();
        await platform.DeployAsync(s_usesJson, tenant: _tenant);
        HttpResponseMessage running = await platform.FetchAsync(_tenant);

        await platform.DeployAsync(DeployPlatform.Saying("new"), tenant: _tenant);
        Collect();
        Collect();
        Collect();
        int whileRunning = Count();
        string answer = await FinishAsync(running);
        running = null!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(whileRunning, Is.EqualTo(2));
            Assert.That(answer, Is.EqualTo("""{"name":"origin"}"""));
            Assert.That(CountAfterCollection(1), Is.EqualTo(1));
            Assert.That(await platform.GetStringAsync(_tenant), Is.EqualTo("new"));
        }
    }

    [TestCase("Removed", 0)]
    [TestCase("Failed", 0)]
    [TestCase("RolledBack", 1)]
    [TestCase("LostItsShare", 1)]
    [TestCase("Scoped", 0)]
    [TestCase("NamespaceDisposed", 0)]
    public async Task Code_NotNeeded_IsCollected(string how, int left)
    {
        DeployPlatform platform = new();
        await using (platform)
        {
            await UseAsync(platform, how);

            Assert.That(CountAfterCollection(left), Is.EqualTo(left));
        }
    }

    // Alone, because the heap is everybody's: what 900 swaps add to what 100 have left.
    [Test, NonParallelizable]
    public async Task DeployAsync_ThousandSwaps_NothingIsLeft()
    {
        await using DeployPlatform platform = new();
        byte[] image = await TenantCompiler.CompileAsync(_tenant, TenantSource.FromText(s_usesJson), CancellationToken.None);
        platform.Deployments.Trust.TrustAssembly(AssemblyTrust.Hash(image));
        long grown = await GrowthAsync(100, 900, async () =>
        {
            await platform.Deployments.DeployAsync(_tenant, new TenantAssembly { Image = image });
            if (await platform.GetStringAsync(_tenant) != """{"name":"origin"}""")
            {
                Assert.Fail("The tenant answered otherwise.");
            }
        });

        // 1 KiB a swap is less than any object graph that a swap makes: a context, an assembly, a handler and its image.
        using (Assert.EnterMultipleScope())
        {
            Assert.That(grown, Is.LessThan(900 * 1024));
            Assert.That(CountAfterCollection(1), Is.EqualTo(1));
        }
    }

    [Test, NonParallelizable]
    public async Task DeployAsync_ManySwapsFromSource_MemoryDoesNotGrow()
    {
        await using DeployPlatform platform = new();
        long grown = await GrowthAsync(20, 40, async () =>
        {
            await platform.DeployAsync(s_usesJson, tenant: _tenant);
            await platform.GetStringAsync(_tenant);
        });

        // A compilation that stays is some megabytes.
        using (Assert.EnterMultipleScope())
        {
            Assert.That(grown, Is.LessThan(40 * 200 * 1024));
            Assert.That(CountAfterCollection(1), Is.EqualTo(1));
        }
    }

    private async Task<long> GrowthAsync(int warmUp, int swaps, Func<Task> swap)
    {
        long before = 0;
        for (int done = 0; done < warmUp + swaps; done++)
        {
            if (done == warmUp)
            {
                CountAfterCollection(1);
                before = GC.GetTotalMemory(forceFullCollection: true);
            }

            await swap();
        }

        CountAfterCollection(1);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        await TestContext.Out.WriteLineAsync($"{swaps} swaps: {grown / 1024.0 / swaps:0.00} KiB each");
        return grown;
    }

    private static async Task<string> FinishAsync(HttpResponseMessage running)
    {
        using (running)
        {
            return await running.Content.ReadAsStringAsync();
        }
    }

    private async Task UseAsync(DeployPlatform platform, string how)
    {
        switch (how)
        {
            case "Removed":
                await platform.DeployAsync(s_usesJson, tenant: _tenant);
                await platform.GetStringAsync(_tenant);
                platform.Namespace.Tenants.Remove(_tenant);
                break;
            case "Failed":
                await Assert.ThatAsync(
                    () => platform.DeployAsync(DeployPlatform.Doing("return new HttpResponseMessage();", "public Handler() => throw new Odd(); class Odd : Exception;"), tenant: _tenant),
                    Throws.TypeOf<DeploymentException>());
                break;
            case "RolledBack":
                await platform.DeployAsync(DeployPlatform.Saying("1"), tenant: _tenant);
                await platform.DeployAsync(s_usesJson, tenant: _tenant);
                await platform.GetStringAsync(_tenant);
                await platform.Deployments.RollBackAsync(_tenant);
                break;
            case "LostItsShare":
                await platform.DeployAsync(DeployPlatform.Saying("1"), tenant: _tenant);
                await platform.DeployAsync(s_usesJson, new DeployOptions { Percent = 50 }, _tenant);
                await platform.GetStringAsync(_tenant);
                await platform.GetStringAsync(_tenant);
                platform.Deployments.Remove(_tenant, 2);
                break;
            case "Scoped":
                await platform.DeployAsync(
                    s_usesJson, new DeployOptions { Lifetime = ServiceLifetime.Scoped }, _tenant);
                await platform.GetStringAsync(_tenant);
                platform.Namespace.Tenants.Remove(_tenant);
                break;
            case "NamespaceDisposed":
                await platform.DeployAsync(s_usesJson, tenant: _tenant);
                await platform.GetStringAsync(_tenant);
                await platform.DisposeAsync();
                break;
        }
    }

    /// <summary>
    /// Collects until no more than so many of the tenant's contexts are left, but not for ever: background work of the last
    /// dispatch may take as long as the machine is busy.
    /// </summary>
    private int CountAfterCollection(int expected)
    {
        long start = Stopwatch.GetTimestamp();
        int count = Count();
        while (count > expected && Stopwatch.GetElapsedTime(start) < s_patience)
        {
            Collect();
            count = Count();
        }

        return count;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Count() => AssemblyLoadContext.All.Count(context => context.Name!.StartsWith(_tenant, StringComparison.Ordinal));
}
