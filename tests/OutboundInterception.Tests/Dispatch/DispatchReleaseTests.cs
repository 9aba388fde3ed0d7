using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OutboundInterception.Tests.Outbound;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>What a dispatch lets go when it ends, whatever fails on the way.</summary>
[CancelAfter(60_000)]
public class DispatchReleaseTests
{
    [Test]
    public async Task WorkersStreamThrowsInDisposeAtTheDeadline_ProcessGoesOn()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource connected = new();
        await using Platform platform = Platform.Create(
            builder => builder
                .Configure(static options => options.Limits.Deadline = TimeSpan.FromSeconds(1))
                .AddOutboundWorker(static _ => new ConnectWorker(static (connect, _, _) => Task.FromResult<Stream>(new ThrowingStream())))
                .AddTenant("tenant", async (_, context, token) =>
                {
                    TenantSocket socket = await context.Sockets.ConnectAsync("echo.example.com", 7, null, token);
                    connected.SetResult();
                    await Task.Delay(Timeout.Infinite, CancellationToken.None);
                    return new HttpResponseMessage();
                }),
            services => services.AddSingleton<TimeProvider>(time));
        Task<HttpResponseMessage> fetching = platform.FetchAsync();
        await connected.Task;
        time.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAny(fetching, Task.Delay(2000));

        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
    }

    [Test]
    public async Task LateAnswersDisposeThrowsAndTheLogToo_ProcessGoesOn()
    {
        TaskCompletionSource<HttpResponseMessage> late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource waits = new();
        await using Platform platform = Platform.Create(
            builder => builder
                .AddOutboundWorker(_ => new DelegateWorker((_, context, _) =>
                {
                    waits.TrySetResult();
                    return late.Task;
                }))
                .AddTenant("tenant", async (_, context, _) =>
                {
                    using CancellationTokenSource own = new();
                    Task<HttpResponseMessage> sent = context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), own.Token);
                    await waits.Task;
                    await own.CancelAsync();
                    await ((Task)sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return new HttpResponseMessage(HttpStatusCode.Accepted);
                }),
            static services => Microsoft.Extensions.DependencyInjection.LoggingServiceCollectionExtensions.AddLogging(
                services, static logging => logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(new DispatchEndTests.ThrowingLog("ResponseDisposeFailed"))));
        using HttpResponseMessage response = await platform.FetchAsync();
        late.SetResult(new HttpResponseMessage { Content = new DispatchEndTests.ThrowingContent() });
        await Task.Delay(1000);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    [NonParallelizable]
    public async Task ListenerThrowsWhenTheSpanBegins_HandlerIsDisposedWithTheNamespace()
    {
        bool throws = true;
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == "OutboundInterception",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity =>
            {
                if (throws && activity.OperationName == "dispatch")
                {
                    throw new IOException("exporter");
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        DisposableHandler handler = new();
        Exception? thrown = null;
        await using (Platform platform = Platform.Create(builder => builder.AddTenant("tenant", _ => handler)))
        {
            try
            {
                Task<HttpResponseMessage> fetching = platform.FetchAsync();
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        }

        throws = false;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown, Is.Null, "thrown, not in the task");
            Assert.That(handler.IsDisposed, Is.True);
        }
    }

    [Test]
    public async Task WaitUntilAtTheEndOfTheForeground_WhatIsTakenIsKept()
    {
        int taken = 0;
        int over = 0;
        await using Platform platform = Platform.CreateUnobserved(builder => builder.AddTenant("tenant", (_, context, token) =>
        {
            TaskCompletionSource ready = new();
            new Thread(() =>
            {
                ready.SetResult();
                while (!token.IsCancellationRequested)
                {
                }

                try
                {
                    context.WaitUntil(async _ =>
                    {
                        await Task.Delay(5, CancellationToken.None);
                        Interlocked.Increment(ref taken);
                        try
                        {
                            context.CreateHandler();
                        }
                        catch (DispatchEndedException)
                        {
                            Interlocked.Increment(ref over);
                        }
                    });
                }
                catch (DispatchEndedException)
                {
                }
            }).Start();
            ready.Task.Wait(CancellationToken.None);
            return Task.FromResult(new HttpResponseMessage());
        }));
        for (int time = 0; time < 500; time++)
        {
            (await platform.FetchAsync()).Dispose();
        }

        await Task.Delay(300);
        Assert.That(over, Is.Zero, $"of {taken} that were taken");
    }

    [Test]
    public async Task ScopedTenantThrowsInDispose_WorkersOfTheDispatchAreDisposed()
    {
        List<OwnWorker> workers = [];
        await using (Platform platform = Platform.Create(
            static builder => builder.AddOutboundWorker<OwnWorker>(ServiceLifetime.Scoped)
                .AddTenant("tenant", static _ => new ThrowingHandler(), ServiceLifetime.Scoped),
            services => services.AddSingleton(workers)))
        {
            (await platform.FetchAsync()).Dispose();
            await Task.Delay(200);
        }

        Assert.That(workers.Select(static worker => worker.IsDisposed), Is.EqualTo(new[] { true }));
    }

    [Test]
    public async Task TenantAnswersAfterItsDispatchWasCancelled_NestedDispatchEnds()
    {
        using CancellationTokenSource callers = new();
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Platform platform = Platform.Create(builder => builder
            .Configure(static options => options.NestedDispatch = static _ => new DispatchOptions())
            .AddTenant("inner", static (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StringContent("fine") }))
            .AddTenant("tenant", async (_, context, _) =>
            {
                HttpResponseMessage response = await context.Dispatch("inner").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://inner.example/"), CancellationToken.None);
                await goOn.Task;
                return response;
            }));
        Task<HttpResponseMessage> fetching = platform.FetchAsync(cancellationToken: callers.Token);
        await callers.CancelAsync();
        await ((Task)fetching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        goOn.SetResult();
        await Task.Delay(300);

        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero, "nobody has the response to dispose it");
    }

    private sealed class OwnWorker : IOutboundWorker, IDisposable
    {
        public OwnWorker(List<OwnWorker> all) => all.Add(this);

        public bool IsDisposed { get; private set; }

        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());

        public void Dispose() => IsDisposed = true;
    }

    private sealed class ThrowingHandler : ITenantHandler, IDisposable
    {
        public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
        {
            (await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), cancellationToken)).Dispose();
            return new HttpResponseMessage();
        }

        public void Dispose() => throw new InvalidOperationException("the tenant's");
    }

    private sealed class DisposableHandler : ITenantHandler, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());

        public void Dispose() => IsDisposed = true;
    }

    private sealed class ThrowingStream : MemoryStream
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
            {
                throw new IOException("what was still to be flushed");
            }
        }
    }
}
