using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OutboundInterception.Tests.Outbound;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>A tenant's Dispose or constructor that never returns: who ends dispatches or removes tenants waits for neither.</summary>
[CancelAfter(60_000)]
public class BlockedDisposeTests
{
    private const string Url = "https://api.example.com/";

    [Test]
    public async Task Kill_ScopedHandlerBlocksInDispose_TheOtherDispatchesAreCutToo(CancellationToken cancellationToken)
    {
        using ManualResetEventSlim never = new();
        using CountdownEvent running = new(2);
        using CountdownEvent cut = new(2);
        await using Platform platform = Platform.Create(builder => builder
            .AddOutboundWorker(static _ => new ConnectWorker(static (_, _, _) => Task.FromResult(Stream.Null)))
            .AddTenant("tenant", _ => new BlocksInDispose(never, running, cut), ServiceLifetime.Scoped));
        try
        {
            Task<HttpResponseMessage>[] fetching = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => platform.FetchAsync(cancellationToken: cancellationToken)))];
            await Task.Run(() => running.Wait(cancellationToken), cancellationToken);
            await Task.Run(() => platform.Namespace.Policy.Kill("tenant"), cancellationToken).WaitAsync(cancellationToken);
            await Task.WhenAll(fetching).WaitAsync(cancellationToken).ContinueWith(static _ => { }, TaskScheduler.Default);

            // Each ends with the first byte that is refused.
            await Task.Run(() => cut.Wait(cancellationToken), cancellationToken);
            Assert.That(fetching, Has.All.Property(nameof(Task.IsCanceled)).True);
        }
        finally
        {
            never.Set();
        }
    }

    [Test]
    public async Task Kill_AnotherTenantsContentBlocksInDispose_TheOtherDispatchesAreCutToo(CancellationToken cancellationToken)
    {
        using ManualResetEventSlim never = new();
        using CountdownEvent running = new(2);
        await using Platform platform = Platform.Create(builder => builder
            .Configure(static options => options.NestedDispatch = static _ => new DispatchOptions())
            .AddOutboundWorker(static _ => new DelegateWorker(static (_, context, token) => context.Dispatch("other").FetchAsync(new HttpRequestMessage(HttpMethod.Get, Url), token)))
            .AddTenant("other", (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new BlockingContent(never) }))
            .AddTenant("tenant", async (_, context, token) =>
            {
                HttpResponseMessage kept = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, Url), token);
                running.Signal();
                await Task.Delay(Timeout.Infinite, token);
                return kept;
            }));
        try
        {
            Task<HttpResponseMessage>[] fetching = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => platform.FetchAsync(cancellationToken: cancellationToken)))];
            await Task.Run(() => running.Wait(cancellationToken), cancellationToken);
            await Task.Run(() => platform.Namespace.Policy.Kill("tenant"), cancellationToken).WaitAsync(cancellationToken);
            await Task.WhenAll(fetching).WaitAsync(cancellationToken).ContinueWith(static _ => { }, TaskScheduler.Default);
            Assert.That(fetching, Has.All.Property(nameof(Task.IsCanceled)).True);
        }
        finally
        {
            never.Set();
        }
    }

    [Test]
    public async Task Remove_HandlerBlocks_HostGoesOn([Values] bool inDispose, CancellationToken cancellationToken)
    {
        using ManualResetEventSlim never = new();
        using CountdownEvent made = new(1);
        await using Platform platform = Platform.Create(builder => builder.AddTenant("tenant", _ =>
        {
            if (!inDispose)
            {
                made.Signal();
                never.Wait();
            }

            return new BlocksInDispose(never, null, null);
        }));
        try
        {
            Task<HttpResponseMessage> fetching = Task.Run(() => platform.FetchAsync(cancellationToken: cancellationToken));
            if (inDispose)
            {
                (await fetching).Dispose();
            }
            else
            {
                await Task.Run(() => made.Wait(cancellationToken), cancellationToken);
            }

            Assert.That(await Task.Run(() => platform.Namespace.Tenants.Remove("tenant"), cancellationToken).WaitAsync(cancellationToken), Is.True);
        }
        finally
        {
            never.Set();
        }
    }

    [Test]
    public async Task Shutdown_HandlerBlocksInDispose_EndsWhenItsTimeIsOver(CancellationToken cancellationToken)
    {
        using ManualResetEventSlim never = new();
        FakeTimeProvider time = new();
        Platform platform = Platform.Create(
            builder => builder.AddTenant("tenant", _ => new BlocksInDispose(never, null, null)), services => services.AddSingleton<TimeProvider>(time));
        try
        {
            (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
            Task stopping = Task.Run(async () => await platform.DisposeAsync(), cancellationToken);
            await Eventually.BeAsync(() => stopping.IsCompleted, cancellationToken, time);
            await stopping;
        }
        finally
        {
            never.Set();
        }
    }

    private sealed class BlocksInDispose(ManualResetEventSlim never, CountdownEvent? running, CountdownEvent? cut) : ITenantHandler, IDisposable
    {
        public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
        {
            if (running is null)
            {
                return new HttpResponseMessage();
            }

            TenantSocket socket = await context.Sockets.ConnectAsync("api.example.com", 7, null, cancellationToken);
            running.Signal();
            try
            {
                while (true)
                {
                    await socket.Stream.WriteAsync(new byte[1], CancellationToken.None);
                    await Task.Yield();
                }
            }
            finally
            {
                cut!.Signal();
            }
        }

        public void Dispose() => never.Wait();
    }

    private sealed class BlockingContent(ManualResetEventSlim never) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => Task.Delay(Timeout.Infinite);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            never.Wait();
            base.Dispose(disposing);
        }
    }
}
