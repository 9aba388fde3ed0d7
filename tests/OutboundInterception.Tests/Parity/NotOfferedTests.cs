using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Parity;

/// <summary>What there is instead of what the scenarios in <see cref="Differences.NotOffered"/> use.</summary>
[Category("Parity")]
[CancelAfter(60_000)]
public class NotOfferedTests
{
    private static readonly Dictionary<string, Func<Task>> s_instead = new()
    {
        ["connect-write-first"] = HasNoSocketsAsync,
        ["connect-nodenet"] = HasNoSocketsAsync,
        ["connect-handler-throws"] = HasNoSocketsAsync,
        ["static-connect"] = HasNoSocketsAsync,
        ["tenant-ptoe"] = ThrowsToDispatcherAsync,
        ["tenant-ptoe-body"] = ThrowsToDispatcherAsync,
        ["cf-prop"] = OptionsStayAsync,
        ["init-options"] = OptionsStayAsync,
        ["static-cache"] = HasNoCacheAsync,
        ["service-binding"] = PlainObjectIsNotSeenAsync,
        ["static-service"] = PlainObjectIsNotSeenAsync,
        ["loader-syntax"] = FactoryThrowsAsync,
        ["loader-toplevel-fetch"] = NoContextOutsideAsync,
    };

    private static IEnumerable<TestCaseData> Cases => Differences.NotOffered.Keys.Select(static name => new TestCaseData(name).SetName($"ParityInstead({name})"));

    [TestCaseSource(nameof(Cases))]
    public Task NotOffered_Instead_AsTheTableSays(string scenario) => s_instead[scenario]();

    private static Task HasNoSocketsAsync()
    {
        Assert.That(
            typeof(TenantContext).GetMembers().Select(static member => member.Name).Where(static name => !name.Contains("WebSocket", StringComparison.Ordinal)),
            Has.None.Contains("Socket"));
        return Task.CompletedTask;
    }

    private static Task HasNoCacheAsync()
    {
        Assert.That(typeof(TenantContext).GetMembers().Select(static member => member.Name), Has.None.Contains("Cache"));
        return Task.CompletedTask;
    }

    private static async Task ThrowsToDispatcherAsync()
    {
        int sent = 0;
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("tenant", static (_, _, _) => throw new InvalidOperationException("tenant boom"))
            .AddOutboundWorker(_ => new DelegateWorker((_, _, _) =>
            {
                sent++;
                return Task.FromResult(new HttpResponseMessage());
            })));

        using (Assert.EnterMultipleScope())
        {
            await Assert.ThatAsync(() => platform.FetchAsync(), Throws.InvalidOperationException.With.Message.EqualTo("tenant boom"));
            Assert.That(sent, Is.Zero);
        }
    }

    private static async Task OptionsStayAsync()
    {
        int options = -1;
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("tenant", static async (_, context, token) =>
            {
                using HttpRequestMessage request = new(HttpMethod.Get, "https://x.example/");
                request.Options.Set(new HttpRequestOptionsKey<string>("cf"), "cacheTtl=5");
                using HttpResponseMessage response = await context.FetchAsync(request, token);
                return new HttpResponseMessage();
            })
            .AddOutboundWorker(_ => new DelegateWorker((request, _, _) =>
            {
                options = ((IDictionary<string, object?>)request.Options).Count;
                return Task.FromResult(new HttpResponseMessage());
            })));
        using HttpResponseMessage answer = await platform.FetchAsync();

        Assert.That(options, Is.Zero);
    }

    private static async Task PlainObjectIsNotSeenAsync()
    {
        int seen = 0;
        Func<string, string> service = static url => "other:" + url;
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("tenant", (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StringContent(service("http://svc/hello")) }))
            .AddOutboundWorker(_ => new DelegateWorker((_, _, _) =>
            {
                seen++;
                return Task.FromResult(new HttpResponseMessage());
            })));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await platform.GetStringAsync(), Is.EqualTo((string)Recording.All["static-service"].Json["tenant"]!["body"]!["out"]!));
            Assert.That(seen, Is.Zero);
        }
    }

    private static async Task FactoryThrowsAsync() => await Assert.ThatAsync(
        static async () =>
        {
            await using Platform platform = Platform.Create(static builder => builder.AddTenant("tenant", static _ => throw new NotSupportedException("does not start")));
            using HttpResponseMessage response = await platform.FetchAsync();
        },
        Throws.TypeOf<NotSupportedException>());

    private static Task NoContextOutsideAsync()
    {
        Assert.That(typeof(TenantContext).GetConstructors(), Is.Empty);
        return Task.CompletedTask;
    }
}
