using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests;

[CancelAfter(30_000)]
internal sealed class ResolutionCacheTests
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new();
    private int _asked;

    [Test]
    public async Task ResolveAsync_WithinLifetime_AsksOnce()
    {
        ResolutionCache cache = Create(s_lifetime);

        await cache.ResolveAsync("a.test");
        _time.Advance(s_lifetime - TimeSpan.FromTicks(1));
        await cache.ResolveAsync("a.test");

        Assert.That(_asked, Is.EqualTo(1));
    }

    [Test]
    public async Task ResolveAsync_AfterLifetime_AsksAgain()
    {
        ResolutionCache cache = Create(s_lifetime);

        await cache.ResolveAsync("a.test");
        _time.Advance(s_lifetime);
        await cache.ResolveAsync("a.test");

        Assert.That(_asked, Is.EqualTo(2));
    }

    [Test]
    public async Task ResolveAsync_LifetimeZero_KeepsNothing()
    {
        ResolutionCache cache = Create(TimeSpan.Zero);

        await cache.ResolveAsync("a.test");
        await cache.ResolveAsync("a.test");

        Assert.That(_asked, Is.EqualTo(2));
    }

    [Test]
    public async Task ResolveAsync_AskedTwiceAtOnce_SharesTheLookUp()
    {
        TaskCompletionSource<IPAddress[]> answer = new();
        ResolutionCache cache = Create(TimeSpan.Zero, _ => answer.Task);

        Task<IPAddress[]> first = cache.ResolveAsync("a.test");
        Task<IPAddress[]> second = cache.ResolveAsync("a.test");
        answer.SetResult([IPAddress.Loopback]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_asked, Is.EqualTo(1));
            Assert.That(await second, Is.SameAs(await first));
        }
    }

    [Test]
    public async Task ResolveAsync_Failure_IsNotKept()
    {
        ResolutionCache cache = Create(
            s_lifetime,
            asked => asked == 1 ? Task.FromException<IPAddress[]>(new InvalidOperationException()) : Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        Assert.That(() => cache.ResolveAsync("a.test"), Throws.InvalidOperationException);
        Assert.That(await cache.ResolveAsync("a.test"), Has.Length.EqualTo(1));
    }

    [Test]
    public void ResolveAsync_ResolverIgnoresItsToken_TimesOut()
    {
        TaskCompletionSource<IPAddress[]> never = new();
        ResolutionCache cache = Create(s_lifetime, _ => never.Task);
        Task<IPAddress[]> lookUp = cache.ResolveAsync("a.test");

        _time.Advance(s_timeout);

        Assert.That(async () => await lookUp, Throws.TypeOf<TimeoutException>());
    }

    [Test]
    public void ResolveAsync_AskedAsTheLookUpTimesOut_AsksAgain()
    {
        TaskCompletionSource<IPAddress[]> never = new();
        ResolutionCache cache = Create(s_lifetime, asked => asked == 1 ? never.Task : Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        Task<IPAddress[]>? retried = null;

        // Due with the look-up's own timer and before it: someone who has waited as long and tries again.
        using ITimer earlier = _time.CreateTimer(_ => retried = cache.ResolveAsync("a.test"), null, s_timeout, Timeout.InfiniteTimeSpan);
        Task<IPAddress[]> lookUp = cache.ResolveAsync("a.test");
        _time.Advance(s_timeout);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(async () => await lookUp, Throws.TypeOf<TimeoutException>());
            Assert.That(async () => await retried!, Has.Length.EqualTo(1));
        }
    }

    [Test]
    public async Task ResolveAsync_ResolverChangesItsArray_KeepsWhatItSaid()
    {
        IPAddress[] answer = [IPAddress.Loopback];
        ResolutionCache cache = Create(s_lifetime, _ => Task.FromResult(answer));

        IPAddress[] resolved = await cache.ResolveAsync("a.test");
        answer[0] = IPAddress.Any;

        Assert.That(resolved, Is.EqualTo(new[] { IPAddress.Loopback }));
    }

    [Test]
    public async Task ResolveAsync_ManyNames_ForgetsTheOldest()
    {
        ResolutionCache cache = Create(s_lifetime);
        for (int name = 0; name <= 1024; name++)
        {
            await cache.ResolveAsync($"{name}.test");
        }

        await cache.ResolveAsync("0.test");

        Assert.That(_asked, Is.EqualTo(1024 + 2));
    }

    [Test]
    public async Task ResolveAsync_ManyAtOnce_EveryoneIsAnsweredForTheirName()
    {
        ResolutionCache cache = new(
            static async (name, _) =>
            {
                await Task.Yield();
                return [IPAddress.Parse(name)];
            },
            TimeSpan.Zero, s_timeout, _time);
        using Barrier start = new(8);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Factory.StartNew(
            () =>
            {
                for (int round = 0; round < 500; round++)
                {
                    start.SignalAndWait();
                    string name = $"10.0.0.{(round + worker) % 3}";
                    Assert.That(cache.ResolveAsync(name).GetAwaiter().GetResult(), Is.EqualTo(new[] { IPAddress.Parse(name) }));
                }
            },
            TaskCreationOptions.LongRunning)));
    }

    private ResolutionCache Create(TimeSpan lifetime, Func<int, Task<IPAddress[]>>? resolve = null) => new(
        (_, _) =>
        {
            _asked++;
            return new ValueTask<IPAddress[]>(resolve?.Invoke(_asked) ?? Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        },
        lifetime, s_timeout, _time);
}
