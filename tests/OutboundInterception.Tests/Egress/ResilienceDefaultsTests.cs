using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests;

/// <summary>What is on without a word, and what <c>AddResilience()</c> turns on, by what it does. Time stands still unless a test moves it.</summary>
[CancelAfter(120_000)]
internal sealed class ResilienceDefaultsTests
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private int _requests;

    [Test]
    public async Task FetchAsync_NothingTurnedOn_FailuresAreNeitherRepeatedNorCountedNorBounded()
    {
        await using Origin origin = await Origin.StartAsync(AnswerAsync(500));
        await using Platform platform = Create(origin, static _ => { });

        for (int round = 0; round < 250; round++)
        {
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("500"));
        }

        Assert.That(_requests, Is.EqualTo(250));
        Assert.That(platform.Namespace.Resilience.GetSnapshot(), Is.Empty);
    }

    [Test]
    public async Task FetchAsync_NothingTurnedOn_ManyAtOnceAllReachTheOrigin(CancellationToken cancellationToken)
    {
        const int Calls = 140;
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Origin origin = await Origin.StartAsync(context =>
        {
            if (Interlocked.Increment(ref _requests) == Calls)
            {
                all.SetResult();
            }

            return all.Task;
        });
        await using Platform platform = Create(origin, static _ => { });

        string[] answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => platform.GetStringAsync())).WaitAsync(cancellationToken);

        Assert.That(answers, Is.All.EqualTo("200"));
    }

    [Test]
    public void RetryOptions_New_WaitAsTheirDocumentationSays()
    {
        RetryOptions options = new();
        Assert.That((options.BaseDelay, options.MaxDelay), Is.EqualTo((TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(10))));
    }

    [Test]
    public async Task FetchAsync_TurnedOn_RetriesThreeTimes()
    {
        await using Origin origin = await Origin.StartAsync(AnswerAsync(503));
        await using Platform platform = Create(origin, static builder => builder.AddResilience(static options => options.Retry!.BaseDelay = TimeSpan.Zero));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("503"));
        Assert.That(_requests, Is.EqualTo(4));
    }

    [Test]
    public async Task FetchAsync_TurnedOn_CircuitOpensAfterTwentyFailures()
    {
        await using Origin origin = await Origin.StartAsync(AnswerAsync(500));
        await using Platform platform = Create(origin, static builder => builder.AddResilience(), HttpMethod.Post);

        for (int round = 0; round < 20; round++)
        {
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("500"));
        }

        Assert.That((await Assert.ThrowsAsync<OutboundRejectedException>(() => platform.FetchAsync()))!.Rejection, Is.EqualTo(OutboundRejection.CircuitOpen));
        _time.Advance(TimeSpan.FromSeconds(5.1));
        Assert.That(await platform.GetStringAsync(), Is.EqualTo("500"), "one may try");
        Assert.That(_requests, Is.EqualTo(21));
    }

    [Test]
    public async Task FetchAsync_TurnedOn_TwoHundredAtATime()
    {
        await using Origin origin = await Origin.StartAsync(AnswerAsync(200));
        await using Platform platform = Create(origin, static builder => builder.AddResilience());

        for (int round = 0; round < 200; round++)
        {
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("200"));
        }

        OutboundRejectedException rejected = (await Assert.ThrowsAsync<OutboundRejectedException>(() => platform.FetchAsync()))!;
        Assert.That((rejected.Rejection, rejected.RetryAfter), Is.EqualTo((OutboundRejection.RateLimit, (TimeSpan?)TimeSpan.FromMilliseconds(10))));
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.That(await platform.GetStringAsync(), Is.EqualTo("200"));
    }

    [Test]
    public async Task FetchAsync_TurnedOn_SixtyFourAtOnceAndAsManyInTheQueue(CancellationToken cancellationToken)
    {
        TaskCompletionSource full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Origin origin = await Origin.StartAsync(context =>
        {
            if (Interlocked.Increment(ref _requests) == 64)
            {
                full.SetResult();
            }

            return release.Task;
        });
        await using Platform platform = Create(origin, static builder => builder.AddResilience());

        Task<string>[] calls = [.. Enumerable.Range(0, 129).Select(_ => platform.GetStringAsync())];
        await full.Task.WaitAsync(cancellationToken);
        Task<string> refused = await Task.WhenAny(calls).WaitAsync(cancellationToken);
        Assert.That((await Assert.ThrowsAsync<OutboundRejectedException>(() => refused))!.Rejection, Is.EqualTo(OutboundRejection.ConcurrencyLimit));
        int atOnce = Volatile.Read(ref _requests);
        release.SetResult();

        Assert.That(await Task.WhenAll(calls.Where(call => call != refused)).WaitAsync(cancellationToken), Has.Length.EqualTo(128).And.All.EqualTo("200"));
        Assert.That((atOnce, _requests), Is.EqualTo((64, 128)));
    }

    private RequestDelegate AnswerAsync(int status) => context =>
    {
        Interlocked.Increment(ref _requests);
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private Platform Create(Origin origin, Action<IDispatchNamespaceBuilder> configure, HttpMethod? method = null) => Platform.Create(
        origin,
        async (_, context, token) =>
        {
            using HttpRequestMessage request = new(method ?? HttpMethod.Get, "https://api.example.com/");
            using HttpResponseMessage response = await context.Http.SendAsync(request, token);
            return new HttpResponseMessage { Content = new StringContent($"{(int)response.StatusCode}") };
        },
        configure,
        services => services.AddSingleton<TimeProvider>(_time));
}
