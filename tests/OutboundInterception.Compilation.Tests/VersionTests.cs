using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Compilation.Tests;

[CancelAfter(120_000)]
public class VersionTests
{
    // Held in the middle of its own code, with locals of its own, while the next two versions come into force.
    [Test]
    public async Task DeployAsync_WhileADispatchWaitsInItsCode_ItFinishesOnTheOldVersion()
    {
        HeldWorker held = new();
        await using DeployPlatform platform = new(builder => builder.AddOutboundWorker(_ => held));
        const string Members = "private const string Version = \"VERSION\"; private static string Say(string before) => before + \"-\" + Version;";
        static string Source(string version) => DeployPlatform.Doing(
            """
            string before = Version;
            string answer = await context.Http.GetStringAsync("https://api.example.com/", cancellationToken);
            return new HttpResponseMessage { Content = new StringContent(Say(before) + answer) };
            """,
            Members.Replace("VERSION", version, StringComparison.Ordinal));
        await platform.DeployAsync(Source("1"));
        Task<string> first = platform.GetStringAsync();
        TaskCompletionSource firstOrigin = await held.Waiting.Reader.ReadAsync();

        await platform.DeployAsync(Source("2"));
        Task<string> second = platform.GetStringAsync();
        TaskCompletionSource secondOrigin = await held.Waiting.Reader.ReadAsync();
        await platform.DeployAsync(DeployPlatform.Saying("3"));

        string third = await platform.GetStringAsync();
        bool areHeld = !first.IsCompleted && !second.IsCompleted;
        secondOrigin.SetResult();
        firstOrigin.SetResult();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(areHeld);
            Assert.That(third, Is.EqualTo("3"));
            Assert.That(await first, Is.EqualTo("1-1."));
            Assert.That(await second, Is.EqualTo("2-2."));
        }
    }

    [Test]
    public async Task DeployAsync_WhileADispatchRuns_ItFinishesOnTheOldVersion()
    {
        await using DeployPlatform platform = new();
        await platform.DeployAsync(DeployPlatform.Doing(
            """
            string end = await context.Http.GetStringAsync("https://api.example.com/", cancellationToken);
            return new HttpResponseMessage { Content = new StringContent("old") };
            """));
        using HttpResponseMessage running = await platform.FetchAsync();

        await platform.DeployAsync(DeployPlatform.Saying("new"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("new"));
            Assert.That(await running.Content.ReadAsStringAsync(), Is.EqualTo("old"));
        }
    }

    [TestCase(10.0, 100, 10)]
    [TestCase(33.3, 1000, 333)]
    [TestCase(0.5, 1000, 5)]
    [TestCase(99.0, 200, 198)]
    public async Task DeployAsync_Percent_ThatManyOfTheNextDispatches(double percent, int dispatches, int expected)
    {
        await using DeployPlatform platform = new();
        await platform.DeployAsync(DeployPlatform.Saying("old"));

        TenantVersion version = await platform.DeployAsync(DeployPlatform.Saying("new"), new DeployOptions { Percent = percent });
        int seen = 0;
        for (int index = 0; index < dispatches; index++)
        {
            seen += await platform.GetStringAsync() == "new" ? 1 : 0;
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen, Is.EqualTo(expected));
            Assert.That(version.Percent, Is.EqualTo(percent));
            Assert.That(platform.Deployments.VersionsOf("tenant").Select(static version => version.Percent), Is.EqualTo([100 - percent, percent]));
        }
    }

    [Test]
    public async Task DeployAsync_FirstVersionWithAShare_TakesAll()
    {
        await using DeployPlatform platform = new();

        TenantVersion version = await platform.DeployAsync(DeployPlatform.Saying("one"), new DeployOptions { Percent = 1 });

        Assert.That((version.Percent, await platform.GetStringAsync()), Is.EqualTo((100.0, "one")));
    }

    [Test]
    public async Task ActivateAsync_Candidate_MoreThenAllWithoutANewHandler()
    {
        await using DeployPlatform platform = new();
        await platform.DeployAsync(DeployPlatform.Saying("old"));
        await platform.DeployAsync(Counting, new DeployOptions { Percent = 50 });
        string[] half = [await platform.GetStringAsync(), await platform.GetStringAsync()];

        await platform.Deployments.ActivateAsync("tenant", 2, 99);
        TenantVersion all = await platform.Deployments.ActivateAsync("tenant", 2);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(half, Is.EqualTo(["old", "1"]));
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("2"), "the handler that ran with a share goes on");
            Assert.That(all.Percent, Is.EqualTo(100));
        }
    }

    [Test]
    public async Task RollBackAsync_AfterTwoDeployments_GoesBackOneByOne()
    {
        await using DeployPlatform platform = new();
        foreach (string text in new[] { "1", "2", "3" })
        {
            await platform.DeployAsync(DeployPlatform.Saying(text));
        }

        List<(int, string)> seen = [];
        for (int index = 0; index < 2; index++)
        {
            TenantVersion back = await platform.Deployments.RollBackAsync("tenant");
            seen.Add((back.Number, await platform.GetStringAsync()));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen, Is.EqualTo([(2, "2"), (1, "1")]));
            await Assert.ThatAsync(() => platform.Deployments.RollBackAsync("tenant"), Throws.InvalidOperationException);
            Assert.That((await platform.Deployments.ActivateAsync("tenant", 3)).Percent, Is.EqualTo(100), "what was rolled back is kept");
            Assert.That((await platform.DeployAsync(DeployPlatform.Saying("4"))).Number, Is.EqualTo(4));
        }
    }

    [Test]
    public async Task RollBackAsync_AVersionHasAShare_ItLosesIt()
    {
        await using DeployPlatform platform = new();
        await platform.DeployAsync(DeployPlatform.Saying("old"));
        await platform.DeployAsync(DeployPlatform.Saying("new"), new DeployOptions { Percent = 50 });

        TenantVersion back = await platform.Deployments.RollBackAsync("tenant");
        string[] seen = [await platform.GetStringAsync(), await platform.GetStringAsync()];

        Assert.That((back.Number, seen[0], seen[1]), Is.EqualTo((1, "old", "old")));
    }

    [Test]
    public async Task Remove_Versions_OnlyWhatIsNotInForce()
    {
        await using DeployPlatform platform = new();
        await platform.DeployAsync(DeployPlatform.Saying("1"));
        await platform.DeployAsync(DeployPlatform.Saying("2"));
        await platform.DeployAsync(DeployPlatform.Saying("3"), new DeployOptions { Percent = 50 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => platform.Deployments.Remove("tenant", 2), Throws.InvalidOperationException);
            Assert.That(platform.Deployments.Remove("tenant", 1));
            Assert.That(platform.Deployments.Remove("tenant", 1), Is.False);
            Assert.That(platform.Deployments.Remove("tenant", 3));
            Assert.That(await platform.GetStringAsync() + await platform.GetStringAsync(), Is.EqualTo("22"));
            await Assert.ThatAsync(() => platform.Deployments.RollBackAsync("tenant"), Throws.InvalidOperationException);
            Assert.That(() => platform.Deployments.ActivateAsync("tenant", 1), Throws.ArgumentException.With.Message.Contains("It has: 2"));
        }
    }

    [Test]
    public async Task Remove_Tenant_NotFoundAndNumbersBeginAgain()
    {
        await using DeployPlatform platform = new();
        await platform.DeployAsync(DeployPlatform.Saying("1"));
        await platform.DeployAsync(DeployPlatform.Saying("2"), new DeployOptions { Percent = 50 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(platform.Namespace.Tenants.Remove("tenant"));
            await Assert.ThatAsync(() => platform.FetchAsync(), Throws.TypeOf<TenantNotFoundException>());
            Assert.That(() => platform.Deployments.VersionsOf("tenant"), Throws.TypeOf<TenantNotFoundException>());
            Assert.That((await platform.DeployAsync(DeployPlatform.Saying("1"))).Number, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task DeployAsync_OverARegisteredTenant_ShareAndRollBackWork()
    {
        await using DeployPlatform platform = new();
        platform.Namespace.Tenants.Add("tenant", static (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StringContent("code") }));

        await platform.DeployAsync(DeployPlatform.Saying("new"), new DeployOptions { Percent = 50 });
        string[] half = [await platform.GetStringAsync(), await platform.GetStringAsync()];
        await platform.Deployments.ActivateAsync("tenant", 1);

        Assert.That((half[0], half[1], await platform.GetStringAsync()), Is.EqualTo(("code", "new", "new")));
    }

    [Test]
    public async Task DeployAsync_MoreThanAreKept_OldestForgotten()
    {
        await using DeployPlatform platform = new(static builder => builder.Configure(static options => options.KeptVersions = 3));
        for (int number = 1; number <= 5; number++)
        {
            await platform.DeployAsync(DeployPlatform.Saying($"{number}"));
        }

        Assert.That(platform.Deployments.VersionsOf("tenant").Select(static version => version.Number), Is.EqualTo([3, 4, 5]));
    }

    [Test]
    public async Task DeployAsync_Scoped_OneHandlerADispatch()
    {
        await using DeployPlatform platform = new();

        await platform.DeployAsync(Counting, new DeployOptions { Lifetime = ServiceLifetime.Scoped });

        Assert.That(await platform.GetStringAsync() + await platform.GetStringAsync(), Is.EqualTo("11"));
    }

    [TestCase(0.0)]
    [TestCase(-1.0)]
    [TestCase(100.1)]
    [TestCase(double.NaN)]
    public async Task DeployAsync_PercentOutOfRange_Refused(double percent)
    {
        await using DeployPlatform platform = new();

        Assert.That(
            () => platform.DeployAsync(DeployPlatform.Saying("1"), new DeployOptions { Percent = percent }),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task DeployAsync_NamespaceIsDisposed_Refused()
    {
        DeployPlatform platform = new();
        await platform.DisposeAsync();

        await Assert.ThatAsync(() => platform.DeployAsync(DeployPlatform.Saying("1")), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task DeployAsync_Labels_GivenWithTheVersionAndKeptByTheNext()
    {
        await using DeployPlatform platform = new();
        TenantCollection tenants = platform.Namespace.Tenants;

        await platform.DeployAsync(DeployPlatform.Saying("1"), new DeployOptions { Tags = ["customer-1", "staging"], Metadata = new Dictionary<string, string> { ["owner"] = "x" } });
        await platform.DeployAsync(DeployPlatform.Saying("2"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(tenants.TagsOf("tenant"), Is.EquivalentTo(["customer-1", "staging"]));
            Assert.That(tenants.MetadataOf("tenant")["owner"], Is.EqualTo("x"));
            Assert.That(tenants.Remove(TagFilter.Parse("customer-1:yes,production:no")), Is.EqualTo(1));
            await Assert.ThatAsync(() => platform.FetchAsync(), Throws.TypeOf<TenantNotFoundException>());
        }
    }

    private static string Counting => DeployPlatform.Doing(
        "return new HttpResponseMessage { Content = new StringContent($\"{Interlocked.Increment(ref _count)}\") };", "private int _count;");

    private sealed class HeldWorker : IOutboundWorker
    {
        public Channel<TaskCompletionSource> Waiting { get; } = Channel.CreateUnbounded<TaskCompletionSource>();

        public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
        {
            TaskCompletionSource origin = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await Waiting.Writer.WriteAsync(origin, cancellationToken);
            await origin.Task.WaitAsync(cancellationToken);
            return new HttpResponseMessage { Content = new StringContent(".") };
        }
    }
}
