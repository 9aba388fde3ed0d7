using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Holes;

/// <summary>Responses: too long, too slow, saying too much.</summary>
[CancelAfter(60_000)]
public class MResponseTests
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Internal\r\n\r\n2\r\nok\r\n0\r\nX-Internal: leak\r\n\r\n";

    [Test]
    public async Task M1_EndlessBody_Bounded([Values] bool isSynchronous)
    {
        byte[] part = Encoding.ASCII.GetBytes($"10000\r\n{new string('x', 65_536)}\r\n");
        await using RawServer server = new(async (_, socket, token) =>
        {
            await socket.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), token);
            while (true)
            {
                await socket.SendAsync(part, token);
            }
        });
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        plain.Http.MaxResponseContentBufferSize = 1_000_000;

        Assert.That(await DrainAsync(plain.Http, 4_000_000), Is.EqualTo(4_000_000), "which bounds what is buffered, and no stream");

        await using GuardedTenant guarded = new();
        long read = 0;
        Exception? failure = await guarded.FailAsync(
            async context => read = await DrainAsync(context.Http, long.MaxValue), limits: new DispatchLimits { ResponseBytes = 1_000_000 });

        Assert.That(failure, Is.TypeOf<DispatchLimitException>());
        Assert.That(guarded.Records.Single().ResponseBytes, Is.InRange(1_000_000, 1_100_000));

        async Task<long> DrainAsync(HttpClient client, long atMost)
        {
            using HttpResponseMessage response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
            Stream stream = await response.Content.ReadAsStreamAsync();
            byte[] buffer = new byte[16_384];
            long sum = 0;
            int count;
            while (sum < atMost && (count = isSynchronous ? stream.Read(buffer) : await stream.ReadAsync(buffer)) > 0)
            {
                sum += count;
            }

            return long.Min(sum, atMost);
        }
    }

    [TestCase("", false)]
    [TestCase("HTTP/1.1 200 OK\r\nX-Slow", false)]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx", false)]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx", true)]
    public async Task M2_AnswerThatNeverEnds_EndsAtTheDeadline(string begun, bool isSynchronous)
    {
        using SemaphoreSlim asked = new(0);
        await using RawServer server = new(async (_, socket, token) =>
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(begun), token);
            asked.Release();
            await Task.Delay(Timeout.Infinite, token);
        });
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        plain.Http.Timeout = Timeout.InfiniteTimeSpan;
        using CancellationTokenSource given = new();
        Task<string> naive = plain.Http.GetStringAsync(url, given.Token);
        await asked.WaitAsync();

        Assert.That(naive.IsCompleted, Is.False, "and nothing but its caller would end it");
        await given.CancelAsync();

        FakeTimeProvider time = new();
        await using Platform platform = Platform.Create(
            builder => builder
                .AddTenant("tenant", async (_, context, _) =>
                {
                    context.Http.Timeout = Timeout.InfiniteTimeSpan;
                    using HttpResponseMessage response = await context.Http.GetAsync("http://api.example.com/", HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
                    Stream stream = await response.Content.ReadAsStreamAsync(CancellationToken.None);
                    byte[] buffer = new byte[100];
                    while (isSynchronous ? stream.Read(buffer) > 0 : await stream.ReadAsync(buffer, CancellationToken.None) > 0)
                    {
                        asked.Release();
                    }

                    return new HttpResponseMessage();
                })
                .Route("api.example.com", $"http://127.0.0.1:{server.Port}")
                .Configure(static options => options.Limits.Deadline = TimeSpan.FromSeconds(1)),
            services => services.AddSingleton<TimeProvider>(time));
        Task<HttpResponseMessage> guarded = Task.Run(() => platform.FetchAsync());
        await asked.WaitAsync();
        time.Advance(TimeSpan.FromSeconds(2));

        TaskCanceledException ended = (await Assert.ThrowsAsync<TaskCanceledException>(() => guarded))!;
        Assert.That(ended.InnerException, Is.TypeOf<TimeoutException>());
        SpinWait.SpinUntil(() => !platform.Records.IsEmpty);
        Assert.That(platform.Records, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task M4_TrailersThatNobodyAskedFor_DoNotArrive()
    {
        await using RawServer server = new(Chunked);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        bool wasSeen = false;
        using HttpClient filtered = new(new ResponseFilter(plain.Naive, response => wasSeen = response.TrailingHeaders.Any()), disposeHandler: false);
        using HttpResponseMessage naive = await filtered.GetAsync(url);

        Assert.That(wasSeen, Is.False);
        Assert.That(naive.TrailingHeaders.GetValues("X-Internal"), Is.EqualTo(new[] { "leak" }));

        // As gRPC asks for them they come, unless the worker takes the question out.
        await using GuardedTenant guarded = new();
        int unasked = await CountAsync(asks: false);
        int asked = await CountAsync(asks: true);
        guarded.Meanwhile = static request => Task.FromResult(request.Headers.Remove("TE"));
        int refused = await CountAsync(asks: true);

        Assert.That(new[] { unasked, asked, refused }, Is.EqualTo(new[] { 0, 1, 0 }));

        Task<int> CountAsync(bool asks) => guarded.RunAsync(async context =>
        {
            HttpRequestMessage request = new(HttpMethod.Get, url);
            if (asks)
            {
                request.Headers.TE.ParseAdd("trailers");
            }

            using HttpResponseMessage response = await context.Http.SendAsync(request);
            return response.TrailingHeaders.Count();
        });
    }

    [Test]
    public async Task M5_WhyAConnectionFailed_ReadsTheSame()
    {
        using PlainClient plain = new(static sockets => sockets.ConnectCallback = static (context, _) => throw new SocketException((int)(
            context.DnsEndPoint.Port == 1 ? SocketError.ConnectionRefused : context.DnsEndPoint.Port == 2 ? SocketError.HostNotFound : SocketError.TimedOut)));
        List<string> texts = [];
        for (int port = 1; port <= 3; port++)
        {
            texts.Add((await Assert.ThrowsAsync<HttpRequestException>(() => plain.Http.GetStringAsync(Hosts.AllowedUrl(port))))!.ToString());
        }

        Assert.That(texts.Select(static text => text.Split('\n')[0]).Distinct().Count(), Is.EqualTo(3), "a scanner of ports and names");

        // Refused; no such name; a name whose answer is empty; a server that hangs up; one that speaks no HTTP.
        await using RawServer silent = new(static (_, socket, _) =>
        {
            socket.Close();
            return Task.CompletedTask;
        });
        await using RawServer other = new("220 mail.test ESMTP\r\n");
        await using GuardedTenant guarded = new(static builder => builder
            .ConfigurePolicy(static policy => policy.AllowHosts("*.test"))
            .ConfigureConnections(static options => options.ResolveAsync = static (host, _) => host switch
            {
                "missing.test" => throw new SocketException((int)SocketError.HostNotFound),
                "empty.test" => new ValueTask<IPAddress[]>([]),
                _ => new ValueTask<IPAddress[]>([IPAddress.Loopback]),
            }));
        Exception?[] failures = await Task.WhenAll(
            new[] { Hosts.AllowedUrl(1), "http://missing.test:1/", "http://empty.test:1/", Hosts.AllowedUrl(silent.Port), Hosts.AllowedUrl(other.Port) }
                .Select(url => guarded.FailAsync(context => context.Http.GetStringAsync(url))));
        string[] told = [.. failures.Select(static failure => string.Join('|', failure!.GetType(), ((HttpRequestException)failure).HttpRequestError, failure.InnerException, Anonymous(failure)))];

        Assert.That(told.Distinct().Count(), Is.EqualTo(1));
        Assert.That(failures, Has.All.TypeOf<OutboundException>());

        static string Anonymous(Exception failure) => failure.Message.Replace(((OutboundException)failure).CorrelationId, string.Empty, StringComparison.Ordinal);
    }

    [Test]
    public async Task M6_TraceThatReflectsTheCredential_Refused()
    {
        await using RawServer mirror = new(static head => RawServer.Answer(head));
        string url = Hosts.AllowedUrl(mirror.Port);
        using PlainClient plain = new();
        using HttpResponseMessage reflected = await plain.Http.SendAsync(new HttpRequestMessage(HttpMethod.Trace, url));

        Assert.That(await reflected.Content.ReadAsStringAsync(), Does.Contain(NaiveHandler.Secret));

        // As far as it closes: what an origin echoes in a body by itself, only the choice of origins keeps back.
        await using GuardedTenant guarded = new();
        Exception? failure = await guarded.FailAsync(context => context.Http.SendAsync(new HttpRequestMessage(HttpMethod.Trace, url)));

        Assert.That(failure, Is.TypeOf<InvalidSubrequestException>());
        Assert.That(mirror.Heads, Has.Count.EqualTo(1));
    }

    [Test]
    public void M9_BoundsOfThePool_AreSet()
    {
        using SocketsHttpHandler plain = new();
        EgressOptions options = new();
        using SocketsHttpHandler ours = EgressPool.Create(options, PlainClient.ConnectAsync, certificate: null);

        Assert.That(
            (plain.MaxConnectionsPerServer, plain.ConnectTimeout, plain.PooledConnectionLifetime, plain.UseCookies, plain.UseProxy, plain.AllowAutoRedirect),
            Is.EqualTo((int.MaxValue, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, true, true, true)));
        Assert.That(
            (ours.MaxConnectionsPerServer, ours.ConnectTimeout, ours.PooledConnectionLifetime, ours.UseCookies, ours.UseProxy, ours.AllowAutoRedirect),
            Is.EqualTo((256, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2), false, false, false)));
        Assert.That((ours.MaxResponseHeadersLength, ours.ResponseDrainTimeout), Is.EqualTo((32, TimeSpan.Zero)));
        Assert.That(EffectiveLimits.Default.ConcurrentSubrequests, Is.EqualTo(64), "and a dispatch has its own bound");
    }

    [Test]
    public async Task M9_ManyRequestsAtOnce_ShareTheConnectionsThatThereMayBe()
    {
        const int Requests = 24;
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RawServer plainly = Holding(release);
        await using RawServer guardedly = Holding(release);
        using PlainClient plain = new();
        Task<string>[] naive = [.. Enumerable.Range(0, Requests).Select(_ => plain.Http.GetStringAsync(Hosts.AllowedUrl(plainly.Port)))];

        Assert.That(plainly.Received(Requests), "a connection for each");

        await using GuardedTenant guarded = new(static builder => builder.ConfigureConnections(static options => options.MaxConnectionsPerServer = 3));
        Task<string[]> all = guarded.RunAsync(context =>
            Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => context.Http.GetStringAsync(Hosts.AllowedUrl(guardedly.Port)))));
        Assert.That(guardedly.Received(3));
        release.SetResult();
        await Task.WhenAll(naive);

        Assert.That(await all, Has.Length.EqualTo(Requests).And.All.EqualTo("ok"));
        Assert.That((plainly.Connections, guardedly.Connections), Is.EqualTo((Requests, 3)));

        static RawServer Holding(TaskCompletionSource release) => new(async (_, socket, token) =>
        {
            await release.Task;
            await socket.SendAsync(Encoding.ASCII.GetBytes(RawServer.Ok), token);
        });
    }

    private sealed class ResponseFilter(HttpMessageHandler inner, Action<HttpResponseMessage> filter) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            filter(response);
            return response;
        }
    }
}
