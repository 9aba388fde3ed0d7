using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>Code of a tenant that runs where a dispatch is ended: it hurts neither the process nor another's dispatch.</summary>
[CancelAfter(60_000)]
public class HostileEndTests
{
    private static readonly AsyncLocal<string?> s_ambient = new();

    [Test]
    public async Task Dispose_OfALateAnswerThrows_EndsNothing([Values] bool afterARedirect, CancellationToken cancellationToken)
    {
        TaskCompletionSource<HttpResponseMessage> late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource waits = new();
        await using Platform platform = Platform.Create(builder => builder
            .AddOutboundWorker(_ => new DelegateWorker((_, context, _) =>
            {
                if (afterARedirect && context.Hop == 0)
                {
                    return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("https://api.example.com/next") } });
                }

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
            }));
        using HttpResponseMessage response = await platform.FetchAsync(cancellationToken: cancellationToken);
        ThrowingContent content = new();
        late.SetResult(new HttpResponseMessage { Content = content });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        await content.Disposed.WaitAsync(cancellationToken);
    }

    [Test]
    public async Task Dispose_OfAnUnreadResponseThrows_DispatchEndsAllTheSame([Values] bool byDeadline, CancellationToken cancellationToken)
    {
        FakeTimeProvider time = new();
        ThrowingContent content = new();
        TaskCompletionSource holds = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Platform platform = Platform.Create(
            builder => builder
                .Configure(static options => options.Limits.Deadline = TimeSpan.FromSeconds(10))
                .AddOutboundWorker(_ => new DelegateWorker((_, _, _) => Task.FromResult(new HttpResponseMessage { Content = content })))
                .AddTenant("tenant", async (_, context, _) =>
                {
                    HttpResponseMessage kept = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), CancellationToken.None);
                    holds.SetResult();
                    if (byDeadline)
                    {
                        await Task.Delay(Timeout.Infinite, CancellationToken.None);
                    }

                    GC.KeepAlive(kept);
                    return new HttpResponseMessage();
                }),
            services => services.AddSingleton<TimeProvider>(time));
        Task<HttpResponseMessage> fetching = platform.FetchAsync(cancellationToken: cancellationToken);
        await holds.Task.WaitAsync(cancellationToken);
        await Eventually.BeAsync(() => platform.Namespace.ActiveDispatches == 0 && !platform.Records.IsEmpty, cancellationToken, byDeadline ? time : null);

        await ((Task)fetching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.That(fetching.IsCompletedSuccessfully, Is.Not.EqualTo(byDeadline));
        await content.Disposed.WaitAsync(cancellationToken);
    }

    [Test]
    public async Task Dispose_OfTheTenantsOwnAnswerThrows_DispatchIsOver()
    {
        await using Platform platform = Platform.Create(static builder => builder
            .AddTenant("tenant", static (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new ThrowingContent() })));
        HttpResponseMessage response = await platform.FetchAsync();

        Assert.That(response.Dispose, Throws.InvalidOperationException);
        Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
    }

    // The host's own fault, which must not hide what a tenant did, or use up its places.
    [Test]
    public async Task Log_Throws_SubrequestIsRecordedAndKeepsNoPlace([Values] bool whenAsked)
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
                            (await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://denied.example/"), token)).Dispose();
                        }
                        catch (Exception exception)
                        {
                            failures.Add(exception.GetType());
                        }
                    }

                    return new HttpResponseMessage();
                }),
            services => services.AddLogging(logging => logging.AddProvider(new ThrowingLog("Blocked", whenAsked))));
        (await platform.FetchAsync()).Dispose();

        Assert.That(failures, Is.EqualTo(Enumerable.Repeat(typeof(OutboundBlockedException), 3)));
        Assert.That(platform.Records.Select(static record => record.Decision), Is.EqualTo(Enumerable.Repeat(SubrequestDecision.Blocked, 3)));
    }

    // A filter runs before the locks of those who threw are let go.
    [Test]
    public async Task WaitUntil_FilterOfItsExceptionCallsAgain_IsUnderNobodysLock(CancellationToken cancellationToken)
    {
        TenantContext? kept = null;
        await using Platform platform = Platform.Create(builder => builder.AddTenant("tenant", (_, context, _) =>
        {
            kept = context;
            return Task.FromResult(new HttpResponseMessage());
        }));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
        Task<bool> called = Task.Run(
            () =>
            {
                try
                {
                    kept!.WaitUntil(static _ => Task.CompletedTask);
                    return false;
                }
                catch (DispatchEndedException) when (IsRefusedAgain(kept!))
                {
                    return true;
                }
            },
            cancellationToken);

        Assert.That(await called.WaitAsync(cancellationToken), Is.True);
    }

    [Test]
    public async Task FetchAsync_WorkerSetsAmbientState_TenantHasNoneOfIt([Values] bool waits)
    {
        string? seen = "nothing yet";
        await using Platform platform = Platform.Create(builder => builder
            .AddOutboundWorker(_ => new DelegateWorker((_, _, _) =>
            {
                s_ambient.Value = "of the platform";
                return waits ? AnswerLaterAsync() : Task.FromResult(new HttpResponseMessage());
            }))
            .AddTenant("tenant", (_, context, token) =>
            {
                Task<HttpResponseMessage> sent = context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);
                seen = s_ambient.Value;
                return sent;
            }));
        (await platform.FetchAsync()).Dispose();

        Assert.That(seen, Is.Null);
    }

    private static async Task<HttpResponseMessage> AnswerLaterAsync()
    {
        await Task.Yield();
        return new HttpResponseMessage();
    }

    private static bool IsRefusedAgain(TenantContext context)
    {
        try
        {
            context.WaitUntil(static _ => Task.CompletedTask);
            return false;
        }
        catch (DispatchEndedException)
        {
            return true;
        }
    }
}
