using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Dispatch;

[CancelAfter(60_000)]
public class HostileTenantTests
{
    private static HttpRequestMessage Request => new(HttpMethod.Get, "https://tenant.apps.example.com/");

    [Test]
    public async Task FetchAsync_CallbackOnTheTokenBlocks_OtherDispatchesEndAtTheirDeadline()
    {
        FakeTimeProvider time = new();
        using ManualResetEventSlim block = new();
        TaskCompletionSource<HttpResponseMessage> never = new();
        await using Platform platform = Platform.Create(
            builder => builder
                .AddTenant("hostile", (_, _, token) =>
                {
                    token.Register(() => block.Wait(CancellationToken.None));
                    return never.Task;
                })
                .AddTenant("victim", (_, _, _) => never.Task)
                .Configure(options => options.Limits.Deadline = TimeSpan.FromSeconds(1)),
            services => services.AddSingleton<TimeProvider>(time));
        Task<HttpResponseMessage> hostile = platform.Namespace.Get("hostile").FetchAsync(Request);
        Task<HttpResponseMessage> victim = platform.Namespace.Get("victim").FetchAsync(Request);

        time.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<TaskCanceledException>(() => victim);
        block.Set();
        await Assert.ThrowsAsync<TaskCanceledException>(() => hostile);
    }

    [Test]
    public async Task FetchAsync_CallbackOnTheTokenThrows_DispatchEndsAllTheSame()
    {
        await using Platform platform = Platform.Create(builder => builder.AddTenant("a", (_, _, token) =>
        {
            token.Register(() => throw new InvalidOperationException("mine"));
            return Task.FromResult(new HttpResponseMessage { Content = new StringContent("ok") });
        }));

        using HttpResponseMessage response = await platform.Namespace.Get("a").FetchAsync(Request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("ok"));
        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
    }

    [Test]
    public async Task Content_BodyHangs_ReadEndsAtTheDeadline()
    {
        FakeTimeProvider time = new();
        await using Platform platform = Platform.Create(
            builder => builder
                .AddTenant("a", (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new HangingStream()) }))
                .Configure(options => options.Limits.Deadline = TimeSpan.FromSeconds(1)),
            services => services.AddSingleton<TimeProvider>(time));
        using HttpResponseMessage response = await platform.Namespace.Get("a").FetchAsync(Request);
        Task<string> read = response.Content.ReadAsStringAsync();

        time.Advance(TimeSpan.FromSeconds(2));

        TaskCanceledException caught = (await Assert.ThrowsAsync<TaskCanceledException>(() => read))!;
        Assert.That(caught.InnerException, Is.TypeOf<TimeoutException>());
    }

    [Test]
    public async Task Content_StreamKeepsTheBufferItWasGiven_ItIsNotTheHosts()
    {
        KeepingStream stream = new();
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("a", (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(stream) })));
        using HttpResponseMessage response = await platform.Namespace.Get("a").FetchAsync(Request);
        byte[] hosts = new byte[100];
        await using Stream body = await response.Content.ReadAsStreamAsync();

        int count = await body.ReadAsync(hosts);
        stream.Kept.Span.Fill(0xff);

        Assert.That(count, Is.EqualTo(1));
        Assert.That(hosts, Has.All.LessThan(0xff));
    }

    [Test]
    public async Task FetchAsync_SameResponseTwice_TypedError()
    {
        using HttpResponseMessage shared = new() { Content = new StringContent("ok") };
        await using Platform platform = Platform.Create(builder => builder.AddTenant("a", (_, _, _) => Task.FromResult(shared)));
        using HttpResponseMessage first = await platform.Namespace.Get("a").FetchAsync(Request);

        await Assert.ThrowsAsync<InvalidTenantResponseException>(() => platform.Namespace.Get("a").FetchAsync(Request));
    }

    [Test]
    public async Task FetchAsync_TenantDisposesAllItWasGiven_NextDispatchWorks()
    {
        await using Origin origin = await Origin.StartAsync(_ => Task.CompletedTask);
        await using Platform platform = Platform.Create(origin, async (request, context, token) =>
        {
            using HttpResponseMessage response = await context.Http.GetAsync("https://api.example.com/", token);
            context.Http.Dispose();
            context.CreateHandler().Dispose();
            request.Dispose();
            return new HttpResponseMessage(response.StatusCode);
        });

        using HttpResponseMessage first = await platform.FetchAsync();
        using HttpResponseMessage second = await platform.FetchAsync();
        Assert.That((int)second.StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task Http_LeftUnawaited_CancelledWhenTheBodyHasBeenSent()
    {
        TaskCompletionSource arrived = new();
        TaskCompletionSource gone = new();
        await using Origin origin = await Origin.StartAsync(async http =>
        {
            http.RequestAborted.Register(gone.SetResult);
            arrived.SetResult();
            await gone.Task;
        });
        Task<HttpResponseMessage>? floating = null;
        await using Platform platform = Platform.Create(origin, async (_, context, _) =>
        {
            floating = context.Http.GetAsync("https://api.example.com/", CancellationToken.None);
            await arrived.Task;
            return new HttpResponseMessage { Content = new StringContent("ok") };
        });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("ok"));

        await gone.Task;
        await Assert.CatchAsync<OperationCanceledException>(() => floating!);
    }

    [Test]
    public async Task Kill_WhileADispatchRuns_ItStopsAtOnceAndNothingMoreGoesOut()
    {
        TaskCompletionSource<HttpResponseMessage> never = new();
        TaskCompletionSource started = new();
        await using Platform platform = Platform.Create(builder => builder.AddTenant("a", (_, _, _) =>
        {
            started.SetResult();
            return never.Task;
        }));
        Task<HttpResponseMessage> fetch = platform.Namespace.Get("a").FetchAsync(Request);
        await started.Task;

        platform.Namespace.Policy.Kill("a");

        await Assert.CatchAsync<OperationCanceledException>(() => fetch);
        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
    }

    [TestCase(DispatchLimit.Subrequests)]
    [TestCase(DispatchLimit.ConcurrentSubrequests)]
    [TestCase(DispatchLimit.RequestBytes)]
    [TestCase(DispatchLimit.ResponseBytes)]
    public async Task Http_LimitIsReached_TypedError(DispatchLimit limit)
    {
        await using Origin origin = await Origin.StartAsync(http => http.Response.Body.WriteAsync(new byte[10]).AsTask());
        DispatchLimits limits = new()
        {
            Subrequests = limit == DispatchLimit.Subrequests ? 1 : null,
            ConcurrentSubrequests = limit == DispatchLimit.ConcurrentSubrequests ? 1 : null,
            RequestBytes = limit == DispatchLimit.RequestBytes ? 5 : null,
            ResponseBytes = limit == DispatchLimit.ResponseBytes ? 5 : null,
        };
        DispatchLimitException? caught = null;
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            try
            {
                HttpRequestMessage first = new(HttpMethod.Post, "https://api.example.com/") { Content = new ByteArrayContent(new byte[10]) };
                using HttpResponseMessage open = await context.FetchAsync(first, token);
                await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);
                await open.Content.ReadAsByteArrayAsync(token);
            }
            catch (DispatchLimitException exception)
            {
                caught = exception;
            }

            return new HttpResponseMessage();
        });

        using HttpResponseMessage response = await platform.FetchAsync(new DispatchOptions { Limits = limits });

        Assert.That(caught?.Limit, Is.EqualTo(limit));
    }

    private sealed class HangingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(new TaskCompletionSource<int>().Task);
    }

    private sealed class KeepingStream : MemoryStream
    {
        public Memory<byte> Kept { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Kept = buffer;
            return new(1);
        }
    }
}
