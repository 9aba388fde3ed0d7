using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OutboundInterception.Tests.Outbound;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>What the end of a dispatch meets that fails, or that comes too late.</summary>
[CancelAfter(60_000)]
public class DispatchEndTests
{
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(4);

    [Test]
    public async Task TenantSwapsTheContentAfterItHasReturned_HostsBufferStaysTheHosts()
    {
        TaskCompletionSource swapped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        KeepingStream keeping = new();
        await using Platform platform = Platform.Create(builder => builder.AddTenant("tenant", (_, context, _) =>
        {
            StringContent own = new("fine");
            HttpResponseMessage response = new() { Content = own };
            context.WaitUntil(async _ =>
            {
                while (ReferenceEquals(response.Content, own))
                {
                    await Task.Yield();
                }

                response.Content = new StreamContent(keeping);
                swapped.SetResult();
            });
            return Task.FromResult(response);
        }));
        using HttpResponseMessage answer = await platform.FetchAsync();
        await swapped.Task.WaitAsync(s_wait, CancellationToken.None);
        byte[] hosts = new byte[100];
        using Stream body = await answer.Content.ReadAsStreamAsync();
        await body.ReadAtLeastAsync(hosts, hosts.Length, throwOnEndOfStream: false);

        Assert.That(keeping.WasLent(hosts), Is.False, "the tenant's stream was lent the host's own buffer");
    }

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
    public async Task TenantsStreamContentNeverGivesItsStream_DeadlineEndsTheHostsRead()
    {
        FakeTimeProvider time = new();
        await using Platform platform = Platform.Create(
            builder => builder
                .Configure(static options => options.Limits.Deadline = TimeSpan.FromSeconds(10))
                .AddTenant("tenant", static (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new NeverStreamContent() })),
            services => services.AddSingleton<TimeProvider>(time));
        HttpResponseMessage answer = await platform.FetchAsync();
        using CancellationTokenSource hosts = new();
        Task<Stream> opening = answer.Content.ReadAsStreamAsync(hosts.Token);
        for (int round = 0; round < 20; round++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }

        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero, "the deadline has passed");
        await hosts.CancelAsync();
        Task first = await Task.WhenAny(opening, Task.Delay(s_wait, CancellationToken.None));
        Assert.That(first, Is.SameAs(opening), "neither the deadline nor the host's own token ends it");
    }

    [Test]
    public async Task WorkersStreamThrowsInDispose_DispatchEnds([Values] bool kill)
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
        Task<HttpResponseMessage> fetching = platform.FetchAsync();
        await connected.Task.WaitAsync(s_wait, CancellationToken.None);
        Exception? thrown = null;
        if (kill)
        {
            try
            {
                platform.Namespace.Policy.Kill("tenant");
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        }

        await Task.WhenAny(fetching, Task.Delay(1000));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown, Is.Null);
            Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
            Assert.That(platform.Records, Has.Count.EqualTo(1));
        }
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
    public async Task LogThrowsOfBackgroundWork_DispatchEnds()
    {
        await using Platform platform = Platform.Create(
            static builder => builder
                .Configure(static options => options.Limits.WaitUntil = Timeout.InfiniteTimeSpan)
                .AddTenant("tenant", static (_, context, _) =>
                {
                    context.WaitUntil(static async _ =>
                    {
                        await Task.Delay(50, CancellationToken.None);
                        throw new InvalidOperationException("the tenant's");
                    });
                    return Task.FromResult(new HttpResponseMessage());
                }),
            static services => services.AddLogging(static logging => logging.AddProvider(new ThrowingLog("BackgroundWorkFailed"))));
        (await platform.FetchAsync()).Dispose();
        Stopwatch clock = Stopwatch.StartNew();
        while (platform.Namespace.ActiveDispatches > 0 && clock.Elapsed < s_wait)
        {
            await Task.Delay(20, CancellationToken.None);
        }

        int left = platform.Namespace.ActiveDispatches;
        platform.Namespace.Policy.Kill("tenant");
        Assert.That(left, Is.Zero);
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
        using ActivityListener listener = Listen("d7", stopped: static _ => throw new IOException("exporter"));
        await using Platform platform = Platform.CreateUnobserved(static builder => builder
            .AddTenant("d7", static (_, _, _) => Task.FromResult(new HttpResponseMessage())));
        Task<HttpResponseMessage> fetching;
        try
        {
            fetching = platform.Namespace.Get("d7").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.apps.example.com/"));
            await ((Task)fetching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (IOException)
        {
        }

        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
    }

    // the foreground ends in time, but what listens to its span takes until the deadline.
    [Test]
    public async Task DeadlinePassesWhileTheForegroundEnds_BackgroundKeepsItsTime()
    {
        FakeTimeProvider time = new();
        Platform? running = null;
        using ActivityListener listener = Listen("d8", stopped: _ =>
        {
            time.Advance(TimeSpan.FromSeconds(11));
            SpinWait.SpinUntil(() => running!.Namespace.ActiveDispatches == 0, 2000);
        });
        bool? cancelled = null;
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Platform platform = running = Platform.Create(
            builder => builder
                .Configure(static options =>
                {
                    options.Limits.Deadline = TimeSpan.FromSeconds(10);
                    options.Limits.WaitUntil = TimeSpan.FromSeconds(30);
                })
                .AddTenant("d8", (_, context, _) =>
                {
                    context.WaitUntil(async token =>
                    {
                        await goOn.Task;
                        cancelled = token.IsCancellationRequested;
                    });
                    return Task.FromResult(new HttpResponseMessage());
                }),
            services => services.AddSingleton<TimeProvider>(time));
        (await platform.Namespace.Get("d8").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.apps.example.com/"))).Dispose();
        goOn.SetResult();
        SpinWait.SpinUntil(() => cancelled is not null, 2000);

        Assert.That(cancelled, Is.False);
    }

    [Test]
    public async Task TenantSetsASynchronizationContext_HostHasNoneOfIt()
    {
        SynchronizationContext? seen = null;
        await using Platform platform = Platform.Create(static builder => builder.AddTenant("tenant", static (_, _, _) =>
        {
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            return Task.FromResult(new HttpResponseMessage());
        }));
        await Task.Run(() =>
        {
            _ = platform.FetchAsync();
            seen = SynchronizationContext.Current;
        });

        Assert.That(seen, Is.Null);
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

    private sealed class NeverStreamContent() : StreamContent(new MemoryStream())
    {
        protected override Task<Stream> CreateContentReadStreamAsync() => new TaskCompletionSource<Stream>().Task;
    }

    private sealed class KeepingStream : MemoryStream
    {
        private readonly List<Memory<byte>> _lent = [];

        public bool WasLent(byte[] buffer) => _lent.Exists(memory => memory.Span.Overlaps(buffer));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _lent.Add(buffer);
            return new(1);
        }
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

    internal sealed class ThrowingContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
            {
                throw new InvalidOperationException("of another tenant");
            }
        }
    }

    internal sealed class ThrowingLog(string name) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == name)
            {
                throw new IOException("the disk is full");
            }
        }

        public void Dispose()
        {
        }
    }
}
