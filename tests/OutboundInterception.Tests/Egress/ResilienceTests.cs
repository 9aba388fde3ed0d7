using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests;

[CancelAfter(60_000)]
internal sealed class ResilienceTests
{
    private readonly WaitedTime _time = new();

    [Test]
    public async Task FetchAsync_OriginRecovers_IsRetriedAndTheRecordCounts()
    {
        int requests = 0;
        await using Origin origin = await Origin.StartAsync(context => Answer(context, Interlocked.Increment(ref requests) < 3 ? 503 : 200, "fine"));
        await using Platform platform = Create(origin, GetAsync, options => options.Retry!.BaseDelay = TimeSpan.Zero);

        string body = await platform.GetStringAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(body, Is.EqualTo("200 fine"));
            Assert.That(requests, Is.EqualTo(3));
            Assert.That(platform.Records.Single().Retries, Is.EqualTo(2));
        }
    }

    [Test]
    public async Task FetchAsync_ConnectionBreaksBeforeTheAnswer_IsRetried()
    {
        int requests = 0;
        await using Origin origin = await Origin.StartAsync(context =>
        {
            if (Interlocked.Increment(ref requests) == 1)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return Answer(context, 200, "fine");
        });
        await using Platform platform = Create(origin, GetAsync, options => options.Retry!.BaseDelay = TimeSpan.Zero);

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("200 fine"));
    }

    [TestCase("POST", null, 1)]
    [TestCase("PATCH", "body", 1)]
    [TestCase("PUT", "body", 4)]
    [TestCase("DELETE", null, 4)]
    [TestCase("PUT", "a body that is longer than what is kept", 1)]
    public async Task FetchAsync_OriginFails_OnlyWhatIsIdempotentAndKeptIsRetried(string method, string? body, int expected)
    {
        int requests = 0;
        List<string> bodies = [];
        await using Origin origin = await Origin.StartAsync(async context =>
        {
            using StreamReader reader = new(context.Request.Body);
            string read = await reader.ReadToEndAsync();
            lock (bodies)
            {
                bodies.Add(read);
            }

            Interlocked.Increment(ref requests);
            await Answer(context, 503, "no");
        });
        await using Platform platform = Create(
            origin,
            (_, context, token) => SendAsync(context, new HttpMethod(method), body, token),
            options => options.Retry!.BaseDelay = TimeSpan.Zero,
            builder => builder.Configure(options => options.ReplayBytes = 8));

        using HttpResponseMessage response = await platform.FetchAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("503 no"));
            Assert.That(requests, Is.EqualTo(expected));
            Assert.That(bodies, Is.All.EqualTo(body ?? ""));
        }
    }

    [Test]
    public async Task FetchAsync_RetryAfter_IsWaitedForByOurClock()
    {
        int requests = 0;
        await using Origin origin = await Origin.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "7";
            return Answer(context, Interlocked.Increment(ref requests) == 1 ? 429 : 200, "fine");
        });
        await using Platform platform = Create(origin, GetAsync);

        Task<string> answer = platform.GetStringAsync();
        await _time.WaitsFor(TimeSpan.FromSeconds(7));
        Assert.That(requests, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.That(await answer, Is.EqualTo("200 fine"));
    }

    [TestCase("11", Description = "Longer than MaxDelay.")]
    [TestCase("4", Description = "Longer than what is left of the dispatch.")]
    public async Task FetchAsync_RetryAfterIsTooLong_TheAnswerGoesToTheTenant(string retryAfter)
    {
        int requests = 0;
        await using Origin origin = await Origin.StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            context.Response.Headers.RetryAfter = retryAfter;
            return Answer(context, 503, "later");
        });
        await using Platform platform = Create(
            origin, GetAsync, configure: builder => builder.Configure(options => options.Limits.Deadline = TimeSpan.FromSeconds(3)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("503 later"));
            Assert.That(requests, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task FetchAsync_Retries_CountAsSubrequestsAndStopAtTheLimit()
    {
        int requests = 0;
        await using Origin origin = await Origin.StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            return Answer(context, 503, "no");
        });
        await using Platform platform = Create(origin, GetAsync, options => options.Retry!.BaseDelay = TimeSpan.Zero);

        string body = await platform.GetStringAsync(new DispatchOptions { Limits = new() { Subrequests = 2 } });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(body, Is.EqualTo("503 no"));
            Assert.That(requests, Is.EqualTo(2));
        }
    }

    [Test]
    public async Task FetchAsync_PolicyIsReplacedBeforeARetry_TheNewOneDecides()
    {
        int requests = 0;
        Platform? platform = null;
        await using Origin origin = await Origin.StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            platform!.Namespace.Policy.Replace(policy => policy.AllowHosts("other.example.com"));
            return Answer(context, 503, "no");
        });
        platform = Create(
            origin, GetAsync, options => options.Retry!.BaseDelay = TimeSpan.Zero, builder => builder.ConfigurePolicy(policy => policy.AllowHosts("api.example.com")));
        await using (platform)
        {
            await Assert.ThrowsAsync<OutboundBlockedException>(() => platform.FetchAsync());
        }

        Assert.That(requests, Is.EqualTo(1));
    }

    [Test]
    public async Task FetchAsync_TheTenantsBodyFails_IsNotRetriedAndNoFaultOfTheOrigin()
    {
        int reads = 0;
        await using Origin origin = await Origin.StartAsync(context => Answer(context, 200, "fine"));
        await using Platform platform = Create(
            origin,
            async (_, context, token) =>
            {
                using HttpRequestMessage request = new(HttpMethod.Put, "https://api.example.com/") { Content = new FailingContent(() => reads++) };
                return await context.FetchAsync(request, token);
            },
            options => options.CircuitBreaker!.MinimumThroughput = 2);

        for (int round = 0; round < 4; round++)
        {
            await Assert.ThrowsAsync<InvalidSubrequestException>(() => platform.FetchAsync());
        }

        Assert.That(reads, Is.EqualTo(4));
    }

    [Test]
    public async Task FetchAsync_OriginKeepsFailing_TheCircuitOpensForThisTenantAloneAndTriesAgain()
    {
        bool isHealthy = false;
        int requests = 0;
        await using Origin origin = await Origin.StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            return Answer(context, Volatile.Read(ref isHealthy) ? 200 : 500, "body");
        });
        await using Platform platform = Create(
            origin,
            GetAsync,
            options =>
            {
                options.Retry = null;
                options.CircuitBreaker!.MinimumThroughput = 2;
            },
            builder => builder.AddTenant("neighbour", GetAsync));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("500 body"));
        Assert.That(await platform.GetStringAsync(), Is.EqualTo("500 body"));
        OutboundRejectedException open = (await Assert.ThrowsAsync<OutboundRejectedException>(() => platform.FetchAsync()))!;
        ResilienceStatus status = platform.Namespace.Resilience.GetSnapshot().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(open.Rejection, Is.EqualTo(OutboundRejection.CircuitOpen));
            Assert.That(open.Host, Is.EqualTo("api.example.com"));
            Assert.That(open.InnerException, Is.Null);
            Assert.That(requests, Is.EqualTo(2));
            Assert.That(status.Key, Is.EqualTo(new ResilienceKey("tenant", "https://api.example.com")));
            Assert.That(status.Circuit, Is.EqualTo(Polly.CircuitBreaker.CircuitState.Open));
            Assert.That(platform.Records.Last().Decision, Is.EqualTo(SubrequestDecision.Rejected));
        }

        Volatile.Write(ref isHealthy, true);
        using HttpResponseMessage neighbours = await platform.Namespace.Get("neighbour").FetchAsync(new HttpRequestMessage());
        Assert.That(await neighbours.Content.ReadAsStringAsync(), Is.EqualTo("200 body"));
        await Assert.ThrowsAsync<OutboundRejectedException>(() => platform.FetchAsync());
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(await platform.GetStringAsync(), Is.EqualTo("200 body"));
    }

    [Test]
    public async Task IsolateCircuitAsync_CutsOffUntilClosed()
    {
        await using Origin origin = await Origin.StartAsync(context => Answer(context, 200, "fine"));
        await using Platform platform = Create(origin, GetAsync);
        ResilienceKey key = new("tenant", "https://api.example.com");

        await platform.Namespace.Resilience.IsolateCircuitAsync(key);
        _time.Advance(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<OutboundRejectedException>(() => platform.FetchAsync());
        await platform.Namespace.Resilience.CloseCircuitAsync(key);

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("200 fine"));
    }

    [Test]
    public async Task FetchAsync_TooManyInATime_IsRejectedUntilATokenIsBack()
    {
        await using Origin origin = await Origin.StartAsync(context => Answer(context, 200, "fine"));
        await using Platform platform = Create(
            origin,
            GetAsync,
            options => options.RateLimit = new RateLimitOptions { Burst = 2, PermitsPerSecond = 0.5 },
            builder => builder.AddTenant("neighbour", GetAsync));

        await platform.GetStringAsync();
        await platform.GetStringAsync();
        OutboundRejectedException rejected = (await Assert.ThrowsAsync<OutboundRejectedException>(() => platform.FetchAsync()))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rejected.Rejection, Is.EqualTo(OutboundRejection.RateLimit));
            Assert.That(rejected.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(2)).Within(TimeSpan.FromMilliseconds(1)));
            Assert.That(platform.Namespace.Resilience.GetSnapshot().Single().Permits, Is.Zero);
        }

        // The clock stands still: whatever the neighbour gets, it does not wait for.
        for (int round = 0; round < 2; round++)
        {
            using HttpResponseMessage neighbours = await platform.Namespace.Get("neighbour").FetchAsync(new HttpRequestMessage());
            Assert.That(await neighbours.Content.ReadAsStringAsync(), Is.EqualTo("200 fine"));
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await platform.GetStringAsync(), Is.EqualTo("200 fine"));
    }

    [Test]
    public async Task FetchAsync_TooManyAtOnce_IsRejectedAndTheOthersGoOn()
    {
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int requests = 0;
        await using Origin origin = await Origin.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref requests) == 1)
            {
                arrived.TrySetResult();
                await answer.Task;
            }

            await Answer(context, 200, "fine");
        });
        await using Platform platform = Create(
            origin,
            GetAsync,
            options => options.Concurrency = new ConcurrencyOptions { Limit = 1, Queue = 0 },
            builder => builder.AddTenant("neighbour", GetAsync));

        Task<string> first = platform.GetStringAsync();
        await arrived.Task;
        OutboundRejectedException rejected = (await Assert.ThrowsAsync<OutboundRejectedException>(() => platform.FetchAsync()))!;
        Assert.That(platform.Namespace.Resilience.GetSnapshot().Single().Waiting, Is.EqualTo(1));
        using HttpResponseMessage neighbours = await platform.Namespace.Get("neighbour").FetchAsync(new HttpRequestMessage());
        Assert.That(await neighbours.Content.ReadAsStringAsync(), Is.EqualTo("200 fine"));
        Assert.That(first.IsCompleted, Is.False);
        answer.SetResult();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rejected.Rejection, Is.EqualTo(OutboundRejection.ConcurrencyLimit));
            Assert.That(await first, Is.EqualTo("200 fine"));
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("200 fine"));
        }
    }

    [Test]
    public async Task GetSnapshot_NobodyUsesThem_IsEmptyAgain()
    {
        await using Origin origin = await Origin.StartAsync(context => Answer(context, 200, "fine"));
        await using Platform platform = Create(origin, GetAsync);
        await platform.GetStringAsync();
        Assert.That(platform.Namespace.Resilience.GetSnapshot(), Has.Count.EqualTo(1));

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(platform.Namespace.Resilience.GetSnapshot(), Has.Count.EqualTo(1));
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.That(platform.Namespace.Resilience.GetSnapshot(), Is.Empty);
        Assert.That(await platform.GetStringAsync(), Is.EqualTo("200 fine"));
    }

    [Test]
    public async Task FetchAsync_ManyAuthoritiesOfOneTenant_KeepsABoundedNumber()
    {
        await using Platform platform = Platform.Create(
            builder => builder
                .AddTenant("tenant", async (_, context, token) =>
                {
                    for (int host = 0; host < 300; host++)
                    {
                        await context.Http.GetAsync($"https://h{host}.example.com/", token);
                    }

                    return new HttpResponseMessage();
                })
                .AddFaults("tenant", faults =>
                {
                    faults.StatusRate = 1;
                    faults.Status = HttpStatusCode.NoContent;
                })
                .AddResilience(options => options.RateLimit = null),
            services => services.AddSingleton<TimeProvider>(_time));

        (await platform.FetchAsync()).Dispose();

        Assert.That(platform.Namespace.Resilience.GetSnapshot(), Has.Count.EqualTo(256));
    }

    private static Task<HttpResponseMessage> GetAsync(HttpRequestMessage request, TenantContext context, CancellationToken token) =>
        SendAsync(context, HttpMethod.Get, null, token);

    private static async Task<HttpResponseMessage> SendAsync(TenantContext context, HttpMethod method, string? body, CancellationToken token)
    {
        using HttpRequestMessage request = new(method, "https://api.example.com/") { Content = body is null ? null : new StringContent(body) };
        using HttpResponseMessage response = await context.Http.SendAsync(request, token);
        return new HttpResponseMessage { Content = new StringContent($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(token)}") };
    }

    private static Task Answer(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    }

    private Platform Create(
        Origin origin, TenantDelegate tenant, Action<ResilienceOptions>? resilience = null, Action<IDispatchNamespaceBuilder>? configure = null) =>
        Platform.Create(
            builder =>
            {
                builder.AddTenant("tenant", tenant).Route("api.example.com", origin.Url).AddResilience(options =>
                {
                    // Only those tests move the clock that say so; a busy machine must not.
                    options.RateLimit = null;
                    resilience?.Invoke(options);
                });
                configure?.Invoke(builder);
            },
            services => services.AddSingleton<TimeProvider>(_time));

    private sealed class FailingContent(Action read) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            read();
            throw new IOException("mine");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 5;
            return true;
        }
    }
}
