using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OutboundInterception.Tests.Outbound;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>What the end of a dispatch meets that fails, or that comes too late.</summary>
[CancelAfter(60_000)]
public class DispatchEndTests
{
    [Test]
    public async Task TenantsMessageOverridesDispose_DispatchEndsWithTheHostsDispose()
    {
        await using Platform platform = Platform.Create(builder => builder.AddTenant("tenant", (_, context, _) =>
            Task.FromResult<HttpResponseMessage>(new Undisposable { Content = new StringContent("fine") })));
        HttpResponseMessage answer = await platform.FetchAsync();
        answer.Dispose();

        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
    }

    [Test]
    public async Task WorkersStreamThrowsInDispose_DispatchEnds([Values] bool kill, CancellationToken cancellationToken)
    {
        TaskCompletionSource connected = new();
        await using Platform platform = Platform.Create(builder => builder
            .AddOutboundWorker(static _ => new ConnectWorker(static (connect, _, _) => Task.FromResult<Stream>(new ThrowingStream())))
            .AddTenant("tenant", async (_, context, token) =>
            {
                TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, null, token);
                connected.SetResult();
                if (kill)
                {
                    await Task.Delay(Timeout.Infinite, CancellationToken.None);
                }

                return new HttpResponseMessage();
            }));
        Task<HttpResponseMessage> fetching = platform.FetchAsync(cancellationToken: cancellationToken);
        await connected.Task.WaitAsync(cancellationToken);
        if (kill)
        {
            Assert.That(platform.Namespace.Policy.Kill("tenant"), Is.True);
        }

        await ((Task)fetching.WaitAsync(cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fetching.IsCompletedSuccessfully, Is.Not.EqualTo(kill));
            Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
            Assert.That(platform.Records, Has.Count.EqualTo(1));
        }
    }

    // What it waits for is cut off under it, and what it makes of that is not why it failed.
    [Test]
    public async Task Stopped_HandlerThrowsSomethingOfItsOwn_CallerIsToldWhatStoppedIt([Values] bool kill, CancellationToken cancellationToken)
    {
        FakeTimeProvider time = new();
        TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
        InvalidOperationException own = new("the tenant's");
        await using Platform platform = Platform.Create(
            builder => builder.AddTenant("tenant", (_, _, token) =>
            {
                running.SetResult();
                SpinWait.SpinUntil(() => token.IsCancellationRequested);
                throw own;
            }),
            services => services.AddSingleton<TimeProvider>(time));
        Task<HttpResponseMessage> fetching = Task.Run(() => platform.FetchAsync(), cancellationToken);
        await running.Task.WaitAsync(cancellationToken);
        if (kill)
        {
            platform.Namespace.Policy.Kill("tenant");
        }
        else
        {
            await Eventually.BeAsync(() => fetching.IsCompleted, cancellationToken, time);
        }

        TaskCanceledException told = (await Assert.ThrowsAsync<TaskCanceledException>(() => fetching.WaitAsync(cancellationToken)))!;
        Assert.That(kill ? told.InnerException : (told.InnerException as TimeoutException)?.InnerException, Is.SameAs(own));
    }

    [Test]
    public async Task LogThrows_SocketIsRecordedAndKeepsNoPlace()
    {
        List<Type> failures = [];
        await using Platform platform = Platform.Create(
            builder => builder
                .Configure(static options => options.Limits.ConcurrentSubrequests = 1)
                .ConfigurePolicy(static policy => policy.DenyHosts("denied.example"))
                .AddTenant("tenant", async (_, context, token) =>
                {
                    for (int time = 0; time < 3; time++)
                    {
                        try
                        {
                            (await context.Sockets.ConnectAsync("denied.example", 7, null, token)).Dispose();
                        }
                        catch (Exception exception)
                        {
                            failures.Add(exception.GetType());
                        }
                    }

                    return new HttpResponseMessage();
                }),
            static services => services.AddLogging(static logging => logging.AddProvider(new ThrowingLog("Blocked"))));
        (await platform.FetchAsync()).Dispose();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failures, Has.Count.EqualTo(3).And.None.EqualTo(typeof(DispatchLimitException)));
            Assert.That(platform.Records, Has.Count.EqualTo(3));
        }
    }

    [Test]
    public async Task LogThrowsOfBackgroundWork_DispatchEnds(CancellationToken cancellationToken)
    {
        TaskCompletionSource goOn = new();
        await using Platform platform = Platform.Create(
            builder => builder
                .Configure(static options => options.Limits.WaitUntil = Timeout.InfiniteTimeSpan)
                .AddTenant("tenant", (_, context, _) =>
                {
                    context.WaitUntil(async _ =>
                    {
                        await goOn.Task;
                        throw new InvalidOperationException("the tenant's");
                    });
                    return Task.FromResult(new HttpResponseMessage());
                }),
            static services => services.AddLogging(static logging => logging.AddProvider(new ThrowingLog("BackgroundWorkFailed"))));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
        Assert.That(platform.Namespace.ActiveDispatches, Is.EqualTo(1));
        goOn.SetResult();

        await Eventually.BeAsync(() => platform.Namespace.ActiveDispatches == 0, cancellationToken);
    }

    [Test]
    public async Task LogThrowsOfADisposal_DispatchEnds()
    {
        await using Platform platform = Platform.Create(
            static builder => builder
                .AddOutboundWorker(static _ => new DelegateWorker(static (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new ThrowingContent() })))
                .AddTenant("tenant", static async (_, context, token) =>
                {
                    await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);
                    return new HttpResponseMessage();
                }),
            static services => services.AddLogging(static logging => logging.AddProvider(new ThrowingLog("ResponseDisposeFailed"))));
        Task<HttpResponseMessage> fetching = platform.FetchAsync();
        await ((Task)fetching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fetching.Exception, Is.Null);
            Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
            Assert.That(platform.Records, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task ListenerThrowsWhenTheSpanEnds_DispatchEnds()
    {
        using ActivityListener listener = Listen("listened-to", stopped: static _ => throw new IOException("exporter"));
        await using Platform platform = Platform.CreateUnobserved(static builder => builder
            .AddTenant("listened-to", static (_, _, _) => Task.FromResult(new HttpResponseMessage())));
        (await platform.Namespace.Get("listened-to").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.apps.example.com/"))).Dispose();

        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
    }

    // The foreground ends in time, but what listens to its span takes until the deadline.
    [Test]
    public async Task DeadlinePassesWhileTheForegroundEnds_BackgroundKeepsItsTime(CancellationToken cancellationToken)
    {
        FakeTimeProvider time = new();
        using ActivityListener listener = Listen("goes-on", stopped: _ =>
        {
            time.Advance(TimeSpan.FromSeconds(11));

            // What the clock has set off is through before what comes after it in the queue.
            for (int round = 0; round < 100; round++)
            {
                Task.Run(static () => { }, CancellationToken.None).GetAwaiter().GetResult();
            }
        });
        bool? cancelled = null;
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Platform platform = Platform.Create(
            builder => builder
                .Configure(static options =>
                {
                    options.Limits.Deadline = TimeSpan.FromSeconds(10);
                    options.Limits.WaitUntil = TimeSpan.FromSeconds(30);
                })
                .AddTenant("goes-on", (_, context, _) =>
                {
                    context.WaitUntil(async token =>
                    {
                        await goOn.Task;
                        cancelled = token.IsCancellationRequested;
                    });
                    return Task.FromResult(new HttpResponseMessage());
                }),
            services => services.AddSingleton<TimeProvider>(time));
        (await platform.Namespace.Get("goes-on").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.apps.example.com/"), cancellationToken)).Dispose();
        goOn.SetResult();
        await Eventually.BeAsync(() => cancelled is not null, cancellationToken);

        Assert.That(cancelled, Is.False);
    }

    private static ActivityListener Listen(string tenant, Action<Activity> stopped)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == "OutboundInterception",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.OperationName == "dispatch" && (string?)activity.GetTagItem("outbound.tenant") == tenant)
                {
                    stopped(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

#pragma warning disable CA2215 // What is tried.
    private sealed class Undisposable : HttpResponseMessage
    {
        protected override void Dispose(bool disposing)
        {
        }
    }
#pragma warning restore CA2215
}
