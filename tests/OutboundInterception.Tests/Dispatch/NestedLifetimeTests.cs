using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Dispatch;

/// <summary>A nested dispatch is part of the one that asked for it: it counts there, and ends with it.</summary>
[CancelAfter(60_000)]
public class NestedLifetimeTests
{
    private const string Url = "https://api.example.com/";

    [Test]
    public async Task Fetcher_KeptBeyondItsDispatch_StopsWorking(CancellationToken cancellationToken)
    {
        Fetcher? kept = null;
        int calls = 0;
        await using Platform platform = Create(
            (_, context, _) =>
            {
                kept = context.Dispatch("other");
                return Task.FromResult(new HttpResponseMessage());
            },
            (_, _, _) =>
            {
                Interlocked.Increment(ref calls);
                return Task.FromResult(new HttpResponseMessage());
            });
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();

        await Assert.ThrowsAsync<DispatchEndedException>(() => FetchAsync(kept!, cancellationToken));
        Assert.That(calls, Is.Zero);
    }

    [Test]
    public async Task Fetcher_OfTheOutermostDispatchUsedByThoseBelow_StopsAtItsLimit(CancellationToken cancellationToken)
    {
        Fetcher? outermost = null;
        int calls = 0;
        await using Platform platform = Platform.Create(builder => builder
            .Configure(static options =>
            {
                options.NestedDispatch = static _ => new DispatchOptions();
                options.Limits.Depth = 4;
                options.Limits.Subrequests = 10;
            })
            .AddTenant("tenant", async (_, context, token) =>
            {
                if (Interlocked.Increment(ref calls) < 100)
                {
                    outermost ??= context.Dispatch("tenant");
                    (await FetchAsync(outermost, token)).Dispose();
                }

                return new HttpResponseMessage();
            }));

        await Assert.ThrowsAsync<DispatchLimitException>(() => platform.FetchAsync(cancellationToken: cancellationToken));
        Assert.That(calls, Is.EqualTo(11));
    }

    [Test]
    public async Task Response_OfANestedDispatchKeptBeyondTheCallers_StopsWorking(CancellationToken cancellationToken)
    {
        HttpResponseMessage? kept = null;
        await using Platform platform = Create(
            async (_, context, token) =>
            {
                kept = await FetchAsync(context.Dispatch("other"), token);
                return new HttpResponseMessage();
            },
            static (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StringContent("text") }));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
        await Eventually.BeAsync(() => platform.Namespace.ActiveDispatches == 0, cancellationToken);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => kept!.Content.ReadAsStringAsync(cancellationToken));
    }

    [Test]
    public async Task Kill_TenantWaitsForANestedDispatch_ThatEndsToo(CancellationToken cancellationToken)
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Platform platform = Create(
            static (_, context, _) => FetchAsync(context.Dispatch("other"), CancellationToken.None),
            async (_, _, token) =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return new HttpResponseMessage();
            });
        Task<HttpResponseMessage> fetching = platform.FetchAsync(cancellationToken: cancellationToken);
        await begun.Task.WaitAsync(cancellationToken);
        platform.Namespace.Policy.Kill("tenant");

        await Assert.ThrowsAsync<TaskCanceledException>(() => fetching);
        await Eventually.BeAsync(() => platform.Namespace.ActiveDispatches == 0, cancellationToken);
    }

    [Test]
    public async Task Places_OfEndedNestedDispatches_AreFree(CancellationToken cancellationToken)
    {
        await using Platform platform = Platform.Create(builder => builder
            .Configure(static options =>
            {
                options.NestedDispatch = static _ => new DispatchOptions();
                options.Limits.ConcurrentSubrequests = 1;
            })
            .AddTenant("other", static (request, _, _) => request.RequestUri!.AbsolutePath == "/fails"
                ? throw new InvalidOperationException("of the other")
                : Task.FromResult(new HttpResponseMessage { Content = new StringContent("text") }))
            .AddTenant("tenant", static async (_, context, token) =>
            {
                Fetcher other = context.Dispatch("other");
                await Assert.ThrowsAsync<InvalidOperationException>(() => other.FetchAsync(new HttpRequestMessage(HttpMethod.Get, $"{Url}fails"), token));
                await Assert.ThrowsAsync<TenantNotFoundException>(() => FetchAsync(context.Dispatch("nobody"), token));
                using (HttpResponseMessage open = await FetchAsync(other, token))
                {
                    await Assert.ThrowsAsync<DispatchLimitException>(() => FetchAsync(other, token));
                    await open.Content.ReadAsStringAsync(token);
                }

                (await FetchAsync(other, token)).Dispose();
                return new HttpResponseMessage { Content = new StringContent($"{context.Tenant} is well") };
            }));
        using HttpResponseMessage response = await platform.FetchAsync(cancellationToken: cancellationToken);

        Assert.That(await response.Content.ReadAsStringAsync(cancellationToken), Is.EqualTo("tenant is well"));
    }

    private static Platform Create(TenantDelegate tenant, TenantDelegate other) => Platform.Create(builder => builder
        .Configure(static options => options.NestedDispatch = static _ => new DispatchOptions())
        .AddTenant("tenant", tenant)
        .AddTenant("other", other));

    private static Task<HttpResponseMessage> FetchAsync(Fetcher fetcher, CancellationToken cancellationToken) =>
        fetcher.FetchAsync(new HttpRequestMessage(HttpMethod.Get, Url), cancellationToken);
}
