using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OutboundInterception.Tests.Outbound;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>What a dispatch lets go when it ends, whatever fails on the way.</summary>
[CancelAfter(60_000)]
public class DispatchReleaseTests
{
    private static readonly AsyncLocal<bool> s_throws = new();

    [Test]
    public async Task WorkersStreamThrowsInDisposeAtTheDeadline_ProcessGoesOn(CancellationToken cancellationToken)
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
        Task<HttpResponseMessage> fetching = platform.FetchAsync(cancellationToken: cancellationToken);
        await connected.Task;
        await Eventually.BeAsync(() => fetching.IsCompleted && platform.Namespace.ActiveDispatches == 0, cancellationToken, time);

        await Assert.ThrowsAsync<TaskCanceledException>(() => fetching);
    }

    [Test]
    public async Task LateAnswersDisposeThrowsAndTheLogToo_ProcessGoesOn(CancellationToken cancellationToken)
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
            static services => services.AddLogging(static logging => logging.AddProvider(new ThrowingLog("ResponseDisposeFailed"))));
        using HttpResponseMessage response = await platform.FetchAsync(cancellationToken: cancellationToken);
        ThrowingContent content = new();
        late.SetResult(new HttpResponseMessage { Content = content });
        await content.Disposed.WaitAsync(cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task ListenerThrowsWhenTheSpanBegins_HandlerIsDisposedWithTheNamespace()
    {
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == "OutboundInterception",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity =>
            {
                if (activity.OperationName == "dispatch" && s_throws.Value)
                {
                    throw new IOException("exporter");
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        DisposableHandler handler = new();
        await using (Platform platform = Platform.Create(builder => builder.AddTenant("begins", _ => handler)))
        {
            s_throws.Value = true;
            (await platform.Namespace.Get("begins").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.apps.example.com/"))).Dispose();
        }

        Assert.That(handler.IsDisposed, Is.True);
    }

    [Test]
    public async Task WaitUntilAtTheEndOfTheForeground_WhatIsTakenIsKept(CancellationToken cancellationToken)
    {
        int asked = 0;
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
                        await Task.Yield();
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
                    // Refused, and that is well.
                }

                Interlocked.Increment(ref asked);
            }).Start();
            ready.Task.Wait(CancellationToken.None);
            return Task.FromResult(new HttpResponseMessage());
        }));
        for (int time = 0; time < 500; time++)
        {
            (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
        }

        await Eventually.BeAsync(() => Volatile.Read(ref asked) == 500 && platform.Namespace.ActiveDispatches == 0, cancellationToken);
        Assert.That(over, Is.Zero);
    }

    [Test]
    public async Task ScopedTenantThrowsInDispose_WorkersOfTheDispatchAreDisposed(CancellationToken cancellationToken)
    {
        List<OwnWorker> workers = [];
        await using (Platform platform = Platform.Create(
            static builder => builder.AddOutboundWorker<OwnWorker>(ServiceLifetime.Scoped)
                .AddTenant("tenant", static _ => new ThrowingHandler(), ServiceLifetime.Scoped),
            services => services.AddSingleton(workers)))
        {
            (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
            await Eventually.BeAsync(() => workers is [{ IsDisposed: true }], cancellationToken);
        }
    }

    [Test]
    public async Task TenantAnswersAfterItsDispatchWasCancelled_NestedDispatchEnds(CancellationToken cancellationToken)
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

        // Nobody has the response to dispose it.
        await Eventually.BeAsync(() => platform.Namespace.ActiveDispatches == 0, cancellationToken);
    }

    // A tenant that reads a stream to its end has all that it wanted, and often disposes nothing.
    [Test]
    public async Task WorkersResponse_ReadToItsEndAndKept_IsDisposed()
    {
        MemoryStream workers = new("all"u8.ToArray());
        List<string> seen = [];
        await using Platform platform = Platform.Create(builder => builder
            .AddOutboundWorker(_ => new DelegateWorker((_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(workers) })))
            .AddTenant("tenant", async (_, context, token) =>
            {
                HttpResponseMessage kept = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);
                Stream body = await kept.Content.ReadAsStreamAsync(token);
                byte[] buffer = new byte[8];
                seen.Add($"{await body.ReadAsync(buffer, token)} open: {workers.CanRead}");
                seen.Add($"{await body.ReadAsync(buffer, token)} open: {workers.CanRead}");
                seen.Add($"{await body.ReadAsync(buffer, token)} {body.Read(buffer, 0, 1)} {await body.ReadAsync(Memory<byte>.Empty, token)}");
                kept.Dispose();
                Assert.That(async () => await body.ReadAsync(buffer, token), Throws.InstanceOf<ObjectDisposedException>());
                return new HttpResponseMessage();
            }));
        (await platform.FetchAsync()).Dispose();

        Assert.That(seen, Is.EqualTo(new[] { "3 open: True", "0 open: False", "0 0 0" }));
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
}
