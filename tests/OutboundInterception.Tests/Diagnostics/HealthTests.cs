using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Diagnostics;

[CancelAfter(60_000)]
public class HealthTests
{
    private readonly FakeTimeProvider _time = new();

    private ServiceProvider Build(TenantDelegate tenant, Action<DispatchNamespaceHealthOptions> configure)
    {
        ServiceCollection services = new();
        services.AddLogging().AddSingleton<TimeProvider>(_time);
        services.AddDispatchNamespace("production").AddTenant("tenant", tenant)
            .ConfigureConnections(static options => options.ResolveAsync = static (host, _) => host.StartsWith("bad", StringComparison.Ordinal)
                ? throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound)
                : new ValueTask<System.Net.IPAddress[]>([System.Net.IPAddress.Loopback]));
        services.AddHealthChecks().AddDispatchNamespaceCheck("production", configure);
        return services.BuildServiceProvider();
    }

    private static Task<HttpResponseMessage> FetchAsync(IServiceProvider services, string url = "https://tenant.example.com/", CancellationToken cancellationToken = default) =>
        services.GetRequiredService<DispatchNamespace>().Get("tenant").FetchAsync(new HttpRequestMessage(HttpMethod.Get, url), cancellationToken);

    private static async Task<HealthReportEntry> CheckAsync(IServiceProvider services) =>
        (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["dispatch-namespace:production"];

    private static async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TenantContext context, CancellationToken token)
    {
        try
        {
            return await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, request.RequestUri), token);
        }
        catch (HttpRequestException)
        {
            return new HttpResponseMessage();
        }
    }

    [Test]
    public async Task Check_SubrequestsFail_IsDegradedUntilTheWindowHasPassed()
    {
        await using ServiceProvider services = Build(SendAsync, static options =>
        {
            options.MinimumSubrequests = 4;
            options.DegradedFailureShare = 0.5;
            options.UnhealthyFailureShare = 0.9;
        });
        List<HealthStatus> statuses = [];

        // Refused addresses are no failures of the platform's.
        foreach (string host in new[] { "ok", "ok", "bad", "bad" })
        {
            await FetchAsync(services, $"https://{host}.example.com/");
            statuses.Add((await CheckAsync(services)).Status);
        }

        HealthReportEntry degraded = await CheckAsync(services);
        for (int index = 0; index < 16; index++)
        {
            await FetchAsync(services, "https://bad.example.com/");
        }

        statuses.Add((await CheckAsync(services)).Status);
        _time.Advance(TimeSpan.FromSeconds(66));
        statuses.Add((await CheckAsync(services)).Status);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                statuses,
                Is.EqualTo(new[] { HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Degraded, HealthStatus.Unhealthy, HealthStatus.Healthy }));
            Assert.That(degraded.Description, Does.Contain("2 of 4 subrequests failed"));
            Assert.That(degraded.Data["failures"], Is.EqualTo(2));
        }
    }

    [Test]
    public async Task Check_ManyDispatchesAreActive_SaysSo()
    {
        TaskCompletionSource<HttpResponseMessage> end = new();
        await using ServiceProvider services = Build((_, _, _) => end.Task, static options =>
        {
            options.DegradedActiveDispatches = 1;
            options.UnhealthyActiveDispatches = 2;
        });
        List<HealthStatus> statuses = [(await CheckAsync(services)).Status];
        Task<HttpResponseMessage> first = FetchAsync(services);
        statuses.Add((await CheckAsync(services)).Status);
        Task<HttpResponseMessage> second = FetchAsync(services);
        statuses.Add((await CheckAsync(services)).Status);
        end.SetResult(new HttpResponseMessage());
        await Task.WhenAll(first, second);
        statuses.Add((await CheckAsync(services)).Status);

        Assert.That(statuses, Is.EqualTo(new[] { HealthStatus.Healthy, HealthStatus.Degraded, HealthStatus.Unhealthy, HealthStatus.Healthy }));
    }

    [Test]
    public async Task Check_TenantIgnoresItsToken_IsStuckUntilItComesBack()
    {
        TaskCompletionSource<HttpResponseMessage> end = new();
        await using ServiceProvider services = Build((_, _, _) => end.Task, static _ => { });
        using CancellationTokenSource caller = new();
        Task<HttpResponseMessage> fetching = FetchAsync(services, cancellationToken: caller.Token);
        HealthStatus before = (await CheckAsync(services)).Status;
        await caller.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => fetching);
        HealthReportEntry stuck = await CheckAsync(services);
        end.SetResult(new HttpResponseMessage());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.EqualTo(HealthStatus.Healthy));
            Assert.That(stuck.Status, Is.EqualTo(HealthStatus.Degraded));
            Assert.That(stuck.Data["stuckDispatches"], Is.EqualTo(1));
            Assert.That((await CheckAsync(services)).Status, Is.EqualTo(HealthStatus.Healthy));
        }
    }

    [Test]
    public async Task StuckDispatches_TenantBlocksItsThread_CountsIt()
    {
        using ManualResetEventSlim end = new();
        TaskCompletionSource entered = new();
        await using ServiceProvider services = Build(
            (_, _, _) =>
            {
                entered.SetResult();
                end.Wait(CancellationToken.None);
                return Task.FromResult(new HttpResponseMessage());
            },
            static _ => { });
        DispatchNamespace production = services.GetRequiredService<DispatchNamespace>();
        Task<Exception?> blocked = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    FetchAsync(services).GetAwaiter().GetResult();
                    return null;
                }
                catch (Exception exception)
                {
                    return exception;
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await entered.Task;
        while (production.StuckDispatches == 0)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        end.Set();
        await blocked;
        Assert.That(production.StuckDispatches, Is.Zero);
    }

    [Test]
    public void AddDispatchNamespaceCheck_BoundIsWrong_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddHealthChecks().AddDispatchNamespaceCheck("x", static options => options.Window = TimeSpan.Zero));
}
