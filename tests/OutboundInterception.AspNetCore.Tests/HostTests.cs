using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OutboundInterception.Tests;

namespace OutboundInterception.AspNetCore.Tests;

/// <summary>What a real host does with a namespace: start, loop back into it, stop.</summary>
[CancelAfter(60_000)]
public class HostTests
{
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(10);

    [Test]
    public async Task CdnLoop_TenantCallsItselfOverHttp_EndsAtTheDepthLimit(CancellationToken cancellationToken)
    {
        ConcurrentQueue<string> loops = new();
        WebApplicationBuilder builder = Quiet();
        builder.Services.AddDispatchNamespace("production")
            .AddTenant("shop", (request, context, token) =>
            {
                loops.Enqueue(request.Headers.TryGetValues("CDN-Loop", out IEnumerable<string>? values) ? string.Join(", ", values) : "");
                return context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, request.RequestUri), token);
            })
            .Configure(options => options.UrlStrictness = UrlStrictness.Literal)
            .ConfigureConnections(options =>
            {
                options.ResolveAsync = static (_, _) => ValueTask.FromResult<IPAddress[]>([IPAddress.Loopback]);
                options.AllowedNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
            });
        await using WebApplication app = builder.Build();
        app.MapDispatchNamespace("production", TenantResolver.Subdomain("apps.example.com"));
        await app.StartAsync(cancellationToken);
        using HttpClient client = new() { DefaultRequestHeaders = { Host = $"shop.apps.example.com:{new Uri(app.Urls.First()).Port}" } };

        using HttpResponseMessage response = await client.GetAsync(app.Urls.First(), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(loops, Has.Count.EqualTo(16));
            Assert.That(loops.Last().Split(','), Has.Length.EqualTo(15));
        }
    }

    [Test]
    public async Task StopAsync_BackgroundWorkGoesOn_HostWaitsForIt(CancellationToken cancellationToken)
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool finished = false;
        await using WebApplication app = await StartAsync(Quiet(), async token =>
        {
            await release.Task.WaitAsync(token);
            finished = true;
        });

        Task stopped = app.StopAsync(cancellationToken);
        bool early = stopped.IsCompleted;
        release.SetResult();
        await stopped;

        Assert.That(early, Is.False);
        Assert.That(finished, Is.True);
    }

    [Test]
    public async Task StopAsync_BackgroundWorkDoesNotEnd_CancelledAfterTheShutdownTimeoutAndReported(CancellationToken cancellationToken)
    {
        WaitedTime time = new();
        Reports reports = new();
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        WebApplicationBuilder builder = Quiet();
        builder.Services.AddSingleton<TimeProvider>(time);

        // So that it is the namespace that gives up, not the host.
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromHours(1));
        builder.Logging.AddProvider(reports);
        await using WebApplication app = await StartAsync(builder, async token =>
        {
            token.Register(cancelled.SetResult);
            await cancelled.Task;
        });

        Task stopped = app.StopAsync(cancellationToken);

        // The host stops other things first.
        await time.WaitsFor(s_drain).WaitAsync(cancellationToken);
        time.Advance(s_drain - TimeSpan.FromTicks(1));
        bool early = stopped.IsCompleted || cancelled.Task.IsCompleted;
        time.Advance(TimeSpan.FromTicks(1));
        await stopped;
        await cancelled.Task;

        Assert.That(early, Is.False);
        Assert.That(reports.Texts, Has.Some.Contains("1 dispatches were still running"));
    }

    [Test]
    public async Task StartAsync_AMistakeInARegistration_FailsTheStartAndNamesIt(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = Quiet();
        builder.Services.AddDispatchNamespace("production").AddTenant<NeedsWhatNobodyRegistered>("shop");
        await using WebApplication app = builder.Build();

        Exception failure = (await Assert.CatchAsync(() => app.StartAsync(cancellationToken)))!;

        Assert.That(failure.ToString(), Does.Contain("shop").And.Contain(nameof(Uri)));
    }

    private static async Task<WebApplication> StartAsync(WebApplicationBuilder builder, Func<CancellationToken, Task> work)
    {
        builder.Services.AddDispatchNamespace("production")
            .AddTenant("shop", (_, context, _) =>
            {
                context.WaitUntil(work);
                return Task.FromResult(new HttpResponseMessage());
            })
            .Configure(options => options.ShutdownTimeout = s_drain)
            .Configure(options => options.Limits.WaitUntil = Timeout.InfiniteTimeSpan);
        WebApplication app = builder.Build();
        app.MapDispatchNamespace("production", TenantResolver.Create(static _ => "shop"));
        await app.StartAsync();
        using HttpClient client = new();
        using HttpResponseMessage response = await client.GetAsync(app.Urls.First());
        return app;
    }

    private static WebApplicationBuilder Quiet()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    private sealed class NeedsWhatNobodyRegistered(Uri unregistered) : ITenantHandler
    {
        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent(unregistered.AbsoluteUri) });
    }

    private sealed class Reports : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Texts { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
