using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Outbound;

[CancelAfter(60_000)]
public class ScopedWorkerTests
{
    private static readonly TenantDelegate s_fetchesTwice = static async (_, context, token) =>
    {
        string first = await context.Http.GetStringAsync("https://api.example.com/", token);
        string second = await context.Http.GetStringAsync("https://api.example.com/", token);
        return new HttpResponseMessage { Content = new StringContent($"{first} {second}") };
    };

    [Test]
    public async Task AddOutboundWorker_Scoped_OneWorkerAndScopeADispatch_DisposedWithIt()
    {
        Journal journal = new();
        await using Platform platform = Create(journal, s_fetchesTwice);

        string first = await platform.GetStringAsync();
        string second = await platform.GetStringAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.EqualTo("1:1 1:1"));
            Assert.That(second, Is.EqualTo("2:2 2:2"));
            Assert.That(journal.Lines, Is.EqualTo(new[] { "worker 1", "scope 1", "worker 2", "scope 2" }));
        }
    }

    [Test]
    public async Task AddOutboundWorker_Scoped_NoSubrequestNoWorker()
    {
        Journal journal = new();
        await using Platform platform = Create(journal, static (_, _, _) => Task.FromResult(new HttpResponseMessage()));

        await platform.GetStringAsync();

        Assert.That(journal.Workers, Is.Zero);
    }

    [Test]
    public async Task AddOutboundWorker_Scoped_ConcurrentSubrequestsShareOneWorker()
    {
        Journal journal = new();
        await using Platform platform = Create(journal, static async (_, context, token) =>
        {
            string[] all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => context.Http.GetStringAsync("https://api.example.com/", token)));
            return new HttpResponseMessage { Content = new StringContent(string.Join(',', all.Distinct())) };
        });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("1:1"));
        Assert.That(journal.Workers, Is.EqualTo(1));
    }

    private static Platform Create(Journal journal, TenantDelegate tenant) => Platform.Create(
        builder => builder.AddTenant("tenant", tenant).AddOutboundWorker<Numbered>(ServiceLifetime.Scoped),
        services => services.AddSingleton(journal).AddScoped<PerScope>());

    private sealed class Journal
    {
        public int Workers;
        public int Scopes;

        public ConcurrentQueue<string> Lines { get; } = new();
    }

    private sealed class PerScope(Journal journal) : IDisposable
    {
        public int Number { get; } = Interlocked.Increment(ref journal.Scopes);

        public void Dispose() => journal.Lines.Enqueue($"scope {Number}");
    }

    private sealed class Numbered(Journal journal, PerScope scope) : IOutboundWorker, IDisposable
    {
        private readonly int _number = Interlocked.Increment(ref journal.Workers);

        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent($"{_number}:{scope.Number}") });

        public void Dispose() => journal.Lines.Enqueue($"worker {_number}");
    }
}
