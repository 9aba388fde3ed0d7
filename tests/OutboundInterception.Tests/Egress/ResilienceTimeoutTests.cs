using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Polly;
using Polly.Retry;

namespace OutboundInterception.Tests;

/// <summary>The timeouts, which are on by themselves, the host's own pipelines, injected faults, and what is wrong with options.</summary>
[CancelAfter(60_000)]
internal sealed class ResilienceTimeoutTests
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [TestCase(false)]
    [TestCase(true)]
    public async Task FetchAsync_NoHeadersInTime_FailsTypedAndTheDispatchGoesOn(bool withResilience)
    {
        await using Origin origin = await Origin.StartAsync(HangOnceAsync);
        await using Platform platform = Create(
            origin,
            async (_, context, token) =>
            {
                OutboundException? failure = null;
                try
                {
                    await context.Http.GetAsync("https://api.example.com/", token);
                }
                catch (OutboundException exception)
                {
                    failure = exception;
                }

                string second = await context.Http.GetStringAsync("https://api.example.com/", token);
                return new HttpResponseMessage { Content = new StringContent($"{failure?.HttpRequestError} {second}") };
            },
            builder =>
            {
                if (withResilience)
                {
                    builder.AddResilience(options => options.Retry = null);
                }
            });

        Task<string> answer = platform.GetStringAsync();
        await _arrived.Task;
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.That(await answer, Is.EqualTo("ConnectionError fine"));
    }

    // The body is written on the way out, before there is anything to wait for.
    [Test]
    public async Task FetchAsync_BodyHoldsTheSendUp_IsLateAllTheSame()
    {
        await using Origin origin = await Origin.StartAsync(static http => http.Response.WriteAsync("fine"));
        HoldingContent? body = null;
        await using Platform platform = Create(origin, async (_, context, token) =>
        {
            // A connection, over which the next one writes at once.
            await context.Http.GetStringAsync("https://api.example.com/", token);
            body = new HoldingContent(() => _time.Advance(TimeSpan.FromSeconds(31)));
            Task<HttpResponseMessage> posting = context.Http.PostAsync("https://api.example.com/", body, token);
            await ((Task)posting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new HttpResponseMessage { Content = new StringContent((posting.Exception?.InnerException as OutboundException)?.HttpRequestError.ToString() ?? "sent") };
        }, static _ => { });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("ConnectionError"));
        Assert.That(body!.WasCancelled, Is.True);
    }

    // Of the first hop's send, which was answered in time, nothing is left that could end the second's.
    [Test]
    public async Task FetchAsync_SecondHopBeginsWhenTheFirstIsDue_HasItsOwnTime()
    {
        TaskCompletionSource waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Origin origin = await Origin.StartAsync(static http => http.Response.WriteAsync("fine"));
        await using Platform platform = Create(
            origin,
            async (_, context, token) =>
            {
                Task<string> sending = context.Http.GetStringAsync("https://api.example.com/", token);
                waits.SetResult();
                return new HttpResponseMessage { Content = new StringContent(await sending) };
            },
            builder => builder.ConfigureEgress(egress => egress.AddHttpMessageHandler(() => new RedirectingOnce(waits.Task, _time))));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("fine"));
    }

    [Test]
    public async Task FetchAsync_AttemptTimesOut_TheWorkerMayGoOn()
    {
        await using Origin origin = await Origin.StartAsync(HangOnceAsync);
        await using Platform platform = Create(origin, ForwardAsync, builder => builder
            .AddResilience(options => options.Retry = null)
            .AddOutboundWorker(_ => new DelegateWorker(async (request, context, token) =>
            {
                try
                {
                    return await context.SendAsync(request, token);
                }
                catch (HttpRequestException exception) when (exception.InnerException is TimeoutException)
                {
                    return new HttpResponseMessage { Content = new StringContent("from the cache") };
                }
            })));

        Task<string> answer = platform.GetStringAsync();
        await _arrived.Task;
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.That(await answer, Is.EqualTo("from the cache"));
    }

    [Test]
    public async Task FetchAsync_AttemptTimesOut_IsRetried()
    {
        await using Origin origin = await Origin.StartAsync(HangOnceAsync);
        await using Platform platform = Create(origin, ForwardAsync, static builder => builder.AddResilience(static options => options.Retry!.BaseDelay = TimeSpan.Zero));

        Task<string> answer = platform.GetStringAsync();
        await _arrived.Task;
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.That(await answer, Is.EqualTo("fine"));
        Assert.That(platform.Records.Single().Retries, Is.EqualTo(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task FetchAsync_BodyTakesLongerThanTheTimeouts_IsReadToItsEnd(bool withResilience)
    {
        TaskCompletionSource rest = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Origin origin = await Origin.StartAsync(async context =>
        {
            await context.Response.WriteAsync("a");
            await context.Response.Body.FlushAsync();
            await rest.Task;
            await context.Response.WriteAsync("b");
        });
        await using Platform platform = Create(origin, ForwardAsync, builder =>
        {
            builder.Configure(options => options.Limits.Deadline = TimeSpan.FromHours(1));
            if (withResilience)
            {
                builder.AddResilience();
            }
        });

        using HttpResponseMessage response = await platform.FetchAsync();
        await using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[8];
        int first = await body.ReadAsync(buffer);
        _time.Advance(TimeSpan.FromMinutes(10));
        rest.SetResult();
        int second = await body.ReadAsync(buffer);

        Assert.That((first, second), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task FetchAsync_HostsOwnPipeline_IsUsedAndSeesTheMessage()
    {
        int requests = 0;
        await using Origin origin = await Origin.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref requests) == 1 ? 418 : 200;
            return context.Response.WriteAsync("fine");
        });
        string? seen = null;
        ResiliencePipeline<HttpResponseMessage> pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                Delay = TimeSpan.Zero,
                ShouldHandle = args =>
                {
                    ResiliencePropertyKey<HttpRequestMessage?> key = new("Resilience.Http.RequestMessage");
                    seen = args.Context.Properties.GetValue(key, null)?.RequestUri?.AbsoluteUri;
                    return new(args.Outcome.Result?.StatusCode == (HttpStatusCode)418);
                },
            })
            .Build();
        await using Platform platform = Create(origin, ForwardAsync, builder => builder.AddResilience(pipeline));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("fine"));
            Assert.That(seen, Is.EqualTo("https://api.example.com/"));
            Assert.That(platform.Records.Single().Retries, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task FetchAsync_HostsFactory_IsAskedOncePerTenantAndAuthority()
    {
        await using Origin origin = await Origin.StartAsync(context => context.Response.WriteAsync("fine"));
        List<ResilienceKey> keys = [];
        await using Platform platform = Create(origin, ForwardAsync, builder => builder.Configure(options => options.Resilience.CreatePipeline = key =>
        {
            keys.Add(key);
            return ResiliencePipeline<HttpResponseMessage>.Empty;
        }));

        await platform.GetStringAsync();
        await platform.GetStringAsync();

        Assert.That(keys, Is.EqualTo([new ResilienceKey("tenant", "https://api.example.com")]));
    }

    [Test]
    public async Task InjectFaults_SwitchesAtRunTimeForOneTenant()
    {
        int requests = 0;
        await using Origin origin = await Origin.StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            return context.Response.WriteAsync("fine");
        });
        await using Platform platform = Create(origin, ForwardAsync, static builder => builder
            .AddTenant("neighbour", ForwardAsync)
            .AddFaults("tenant", static faults => faults.FailureRate = 1));
        NamespaceResilience resilience = platform.Namespace.Resilience;

        await Assert.ThrowsAsync<OutboundException>(() => platform.FetchAsync());
        using (HttpResponseMessage neighbours = await platform.Namespace.Get("neighbour").FetchAsync(new HttpRequestMessage()))
        {
            Assert.That(await neighbours.Content.ReadAsStringAsync(), Is.EqualTo("fine"));
        }

        resilience.InjectFaults("tenant", new FaultOptions { StatusRate = 1, Status = HttpStatusCode.TooManyRequests });
        using (HttpResponseMessage response = await platform.FetchAsync())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        }

        Assert.That(resilience.FaultyTenants, Is.EqualTo(["tenant"]));
        Assert.That(resilience.StopFaults("tenant"), Is.True);
        Assert.That(await platform.GetStringAsync(), Is.EqualTo("fine"));
        Assert.That(requests, Is.EqualTo(2));
    }

    [Test]
    public async Task InjectFaults_Latency_ReachesTheTimeout()
    {
        await using Origin origin = await Origin.StartAsync(context => context.Response.WriteAsync("fine"));
        await using Platform platform = Create(origin, ForwardAsync, static builder => builder.AddFaults("tenant", static faults =>
        {
            faults.LatencyRate = 1;
            faults.Latency = TimeSpan.FromMinutes(1);
        }));

        Task<string> answer = platform.GetStringAsync();
        _time.Advance(TimeSpan.FromSeconds(31));

        await Assert.ThrowsAsync<OutboundException>(() => answer);
    }

    [Test]
    public void Create_OptionsAreWrong_SaysAllOfIt()
    {
        Assert.That(
            () => Platform.Create(static builder => builder
                .AddFaults("tenant", static faults => faults.FailureRate = 2)
                .AddResilience(static options =>
                {
                    options.AttemptTimeout = TimeSpan.FromMinutes(5);
                    options.Retry!.MaxRetries = 0;
                    options.CircuitBreaker!.FailureRatio = 0;
                    options.CircuitBreaker.BreakDuration = TimeSpan.FromMinutes(30);
                    options.Concurrency!.Limit = 0;
                    options.RateLimit!.Burst = 0;
                    options.CreatePipeline = static _ => ResiliencePipeline<HttpResponseMessage>.Empty;
                })),
            Throws.Exception.With.Message.Contains("Resilience.AttemptTimeout is 00:05:00; it must not be longer than TotalTimeout")
                .And.Message.Contains("Resilience.Retry.MaxRetries is 0; it must be from 1 to 10.")
                .And.Message.Contains("FailureRatio is 0")
                .And.Message.Contains("IdleTimeout is 00:05:00; it must be at least CircuitBreaker.BreakDuration")
                .And.Message.Contains("Resilience.Concurrency.Limit is 0")
                .And.Message.Contains("Resilience.RateLimit.Burst is 0")
                .And.Message.Contains("CreatePipeline is set beside")
                .And.Message.Contains("the faults of tenant 'tenant': FailureRate is 2; it must be from 0 to 1."));
    }

    private static Task<HttpResponseMessage> ForwardAsync(HttpRequestMessage request, TenantContext context, CancellationToken token) =>
        context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);

    private async Task HangOnceAsync(HttpContext context)
    {
        if (_arrived.TrySetResult())
        {
            // Until the other side gives up.
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        await context.Response.WriteAsync("fine");
    }

    private Platform Create(Origin origin, TenantDelegate tenant, Action<IDispatchNamespaceBuilder> configure) => Platform.Create(
        builder =>
        {
            // Only the timeouts under test may come due.
            builder.AddTenant("tenant", tenant)
                .Route("api.example.com", origin.Url)
                .Configure(static options => options.Limits.Deadline = TimeSpan.FromDays(1))
                .ConfigureConnections(static options => options.ConnectTimeout = TimeSpan.FromMinutes(5));
            configure(builder);
        },
        services => services.AddSingleton<TimeProvider>(_time));

    private sealed class HoldingContent(Action begin) : HttpContent
    {
        public bool WasCancelled { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            begin();
            WasCancelled = cancellationToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(20));
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class RedirectingOnce(Task first, FakeTimeProvider time) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath == "/")
            {
                await first;
                return new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("/next", UriKind.Relative) } };
            }

            // Still where nothing is waited for. What the clock has set off is through before what comes after it in the queue.
            time.Advance(TimeSpan.FromSeconds(30.5));
            for (int round = 0; round < 100; round++)
            {
                Task.Run(static () => { }, CancellationToken.None).GetAwaiter().GetResult();
            }

            cancellationToken.ThrowIfCancellationRequested();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
