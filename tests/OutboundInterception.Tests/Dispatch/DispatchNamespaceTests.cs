using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Dispatch;

[CancelAfter(60_000)]
public class DispatchNamespaceTests
{
    private static readonly OutboundParameter<int> s_number = new("number");
    private static readonly OutboundParameter<string> s_optional = new("optional", "none");

    private static readonly TenantDelegate s_ok = static (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StringContent("ok") });

    private static HttpRequestMessage Request => new(HttpMethod.Get, "https://tenant.apps.example.com/");

    [Test]
    public async Task FetchAsync_NoSuchTenant_ThrowsAndSaysSo()
    {
        await using Platform platform = Platform.Create(builder => builder.AddTenant("a", s_ok));
        TenantStub stub = platform.Namespace.Get("nobody");
        TenantNotFoundException caught = (await Assert.ThrowsAsync<TenantNotFoundException>(() => stub.FetchAsync(Request)))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(caught.Message, Does.StartWith("Worker not found"));
            Assert.That(caught.Name, Is.EqualTo("nobody"));
            Assert.That(platform.Namespace.Contains("a"), Is.True);
            Assert.That(platform.Namespace.TryGet("nobody", out _), Is.False);
        }
    }

    [Test]
    public async Task Get_ParameterMissingOrUndeclared_ThrowsNamingBoth()
    {
        await using Platform platform = Platform.Create(builder => builder.AddTenant("a", s_ok).AddOutboundParameters(s_number, s_optional));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => platform.Namespace.Get("a"), Throws.ArgumentException.With.Message.Contains("'number'").And.Message.Contains("'optional'"));
            Assert.That(() => platform.Namespace.Get("a", new DispatchOptions().With(s_number, 1).With("typo", 2)), Throws.ArgumentException.With.Message.Contains("'typo'"));
            Assert.That(() => platform.Namespace.Get("a", new DispatchOptions().With("number", "text")), Throws.ArgumentException.With.Message.Contains("System.Int32"));
            Assert.That(() => platform.Namespace.Get("a", new DispatchOptions().With(s_number, 1)), Throws.Nothing);
        }
    }

    [Test]
    public async Task FetchAsync_DeadlinePasses_TaskCanceledWithTimeoutInside()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource started = new();
        await using Platform platform = Platform.Create(
            builder => builder.AddTenant("a", async (_, _, _) =>
            {
                started.SetResult();
                await new TaskCompletionSource().Task;
                return new HttpResponseMessage();
            }),
            services => services.AddSingleton<TimeProvider>(time));
        Task<HttpResponseMessage> fetch = platform.Namespace.Get("a", new DispatchOptions { Limits = new() { Deadline = TimeSpan.FromSeconds(5) } }).FetchAsync(Request);
        await started.Task;

        time.Advance(TimeSpan.FromSeconds(6));

        TaskCanceledException caught = (await Assert.ThrowsAsync<TaskCanceledException>(() => fetch))!;
        Assert.That(caught.InnerException, Is.TypeOf<TimeoutException>());
        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
    }

    [Test]
    public async Task FetchAsync_TenantReturnsNull_TypedErrorAndTheNextDispatchWorks()
    {
        bool isNull = true;
        await using Platform platform = Platform.Create(builder => builder.AddTenant("a", (request, context, token) =>
            isNull ? Task.FromResult<HttpResponseMessage>(null!) : s_ok(request, context, token)));

        await Assert.ThrowsAsync<InvalidTenantResponseException>(() => platform.Namespace.Get("a").FetchAsync(Request));
        isNull = false;
        using HttpResponseMessage response = await platform.Namespace.Get("a").FetchAsync(Request);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("ok"));
    }

    [Test]
    public async Task WaitUntil_CallerIsGone_WorkGoesOn()
    {
        TaskCompletionSource release = new();
        TaskCompletionSource<bool> done = new();
        await using Platform platform = Platform.Create(builder => builder.AddTenant("a", (_, context, _) =>
        {
            context.WaitUntil(async token =>
            {
                await release.Task;
                done.SetResult(token.IsCancellationRequested);
            });
            return Task.FromResult(new HttpResponseMessage { Content = new StringContent("ok") });
        }));
        using (HttpResponseMessage response = await platform.Namespace.Get("a").FetchAsync(Request))
        {
            await response.Content.ReadAsStringAsync();
        }

        Assert.That(platform.Namespace.ActiveDispatches, Is.EqualTo(1));
        release.SetResult();
        Assert.That(await done.Task, Is.False);
    }

    [Test]
    public async Task Tenants_ReplacedWhileADispatchRuns_ItFinishesOnTheOldOne()
    {
        TaskCompletionSource release = new();
        await using Platform platform = Platform.Create(builder => builder.AddTenant("a", async (_, _, _) =>
        {
            await release.Task;
            return new HttpResponseMessage { Content = new StringContent("old") };
        }));
        Task<HttpResponseMessage> old = platform.Namespace.Get("a").FetchAsync(Request);

        platform.Namespace.Tenants.Set("a", s_ok);
        using HttpResponseMessage next = await platform.Namespace.Get("a").FetchAsync(Request);
        release.SetResult();
        using HttpResponseMessage first = await old;

        Assert.That(await next.Content.ReadAsStringAsync(), Is.EqualTo("ok"));
        Assert.That(await first.Content.ReadAsStringAsync(), Is.EqualTo("old"));
    }

    [Test]
    public async Task Get_FiftyConcurrentDispatchesWithTheirOwnParameter_NoneSeesAnothers()
    {
        OutboundParameter<int> number = new("n");
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("a", async (request, context, token) => await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token))
            .AddOutboundWorker(_ => new DelegateWorker(async (_, context, _) =>
            {
                await Task.Yield();
                return new HttpResponseMessage { Content = new StringContent(context.Get(number).ToString(System.Globalization.CultureInfo.InvariantCulture)) };
            }), number));
        int wrong = 0;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(value => Task.Run(async () =>
        {
            for (int round = 0; round < 1_000; round++)
            {
                using HttpResponseMessage response = await platform.Namespace.Get("a", new DispatchOptions().With(number, value)).FetchAsync(Request);
                if (await response.Content.ReadAsStringAsync() != value.ToString(System.Globalization.CultureInfo.InvariantCulture))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        })));

        Assert.That(wrong, Is.Zero);
        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
        Assert.That(platform.Records, Has.Count.EqualTo(50_000));
    }

    [Test]
    public async Task Dispatch_NestedWithoutEnd_StopsAtTheDepthLimit()
    {
        int runs = 0;
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("a", (request, context, token) =>
            {
                Interlocked.Increment(ref runs);
                return context.Dispatch("a").FetchAsync(request, token);
            })
            .Configure(options => options.NestedDispatch = static _ => new DispatchOptions()));

        DispatchLimitException caught = (await Assert.ThrowsAsync<DispatchLimitException>(() => platform.Namespace.Get("a").FetchAsync(Request)))!;
        Assert.That(caught.Limit, Is.EqualTo(DispatchLimit.Depth));
        Assert.That(runs, Is.EqualTo(16));
    }

    private sealed class Greedy(HttpClient http) : ITenantHandler
    {
        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken) =>
            http.SendAsync(request, cancellationToken);
    }

    private sealed class Needy(Version missing) : ITenantHandler
    {
        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Version = missing });
    }

    [Test]
    public void AddTenant_ConstructorTakesAnHttpClient_RefusedWithWhatToWriteInstead() =>
        Assert.That(() => new ServiceCollection().AddDispatchNamespace().AddTenant<Greedy>("a"), Throws.ArgumentException.With.Message.Contains("context.Http"));

    [Test]
    public void Create_ServiceUnknownAndTenantTwice_FailsWithBoth()
    {
        ServiceCollection services = new();
        services.AddDispatchNamespace().AddTenant<Needy>("a").AddTenant("b", s_ok).AddTenant("b", s_ok);
        using ServiceProvider provider = services.BuildServiceProvider();
        OptionsValidationException caught = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<DispatchNamespace>())!;
        Assert.That(caught.Message, Does.Contain("System.Version").And.Contain("'b' is added 2 times"));
    }

    [Test]
    public void GetRequiredService_SeveralNamespaces_ThrowsNamingThem()
    {
        ServiceCollection services = new();
        services.AddDispatchNamespace("one");
        services.AddDispatchNamespace("two");
        services.AddDispatchNamespace("two");
        using ServiceProvider provider = services.BuildServiceProvider();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => provider.GetRequiredService<DispatchNamespace>(), Throws.InvalidOperationException.With.Message.Contains("'one', 'two'"));
            Assert.That(provider.GetRequiredKeyedService<DispatchNamespace>("two"), Is.SameAs(provider.GetRequiredService<IDispatchNamespaces>().Get("two")));
        }
    }
}
