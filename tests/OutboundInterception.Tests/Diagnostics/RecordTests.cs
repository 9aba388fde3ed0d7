using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Diagnostics;

[CancelAfter(60_000)]
public class RecordTests
{
    private static Task<Origin> OriginAsync() => Origin.StartAsync(async http =>
    {
        if (http.Request.Path == "/redirect")
        {
            http.Response.Redirect("https://other.example.com/end?token=secret");
            return;
        }

        http.Response.Headers.SetCookie = "session=secret";
        await http.Request.Body.CopyToAsync(Stream.Null);
        await http.Response.WriteAsync("12345");
    });

    private static TenantDelegate Fetch(string url, HttpContent? content = null) => async (_, context, token) =>
    {
        using HttpRequestMessage request = new(content is null ? HttpMethod.Get : HttpMethod.Post, url) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer secret");
        request.Headers.TryAddWithoutValidation("Accept", "text/plain");
        using HttpResponseMessage response = await context.Http.SendAsync(request, token);
        await response.Content.ReadAsStringAsync(token);
        return new HttpResponseMessage();
    };

    private static async Task<SubrequestRecord> RecordOfAsync(Platform platform)
    {
        try
        {
            using HttpResponseMessage response = await platform.FetchAsync();
        }
        catch (HttpRequestException)
        {
            // What the tenant was told is other tests' affair.
        }

        return platform.Records.Last();
    }

    [Test]
    public async Task Record_OfARequestThatWasSent_HasAllOfIt()
    {
        await using Origin origin = await OriginAsync();
        SubrequestRing ring = new(detail: RecordDetail.Phases | RecordDetail.Headers);
        await using Platform platform = Platform.Create(
            origin,
            Fetch("https://api.example.com/orders/1234567?key=secret", new StringContent("123")),
            builder => builder
                .AddOutboundObserver(ring)
                .ConfigurePolicy(policy => policy.AllowHosts("api.example.com"))
                .AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
                {
                    request.Headers.Add("X-Key", "secret");
                    return context.SendAsync(request, token);
                })));
        using Activity activity = new Activity("host").Start();

        SubrequestRecord first = await RecordOfAsync(platform);
        SubrequestRecord second = await RecordOfAsync(platform);
        SubrequestPhases phases = first.Phases!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Url, Is.EqualTo("https://api.example.com/orders/{id}"));
            Assert.That((first.Scheme, first.Host, first.Port, first.Method), Is.EqualTo(("https", "api.example.com", 443, "POST")));
            Assert.That((first.Decision, first.RuleId, first.Mode, first.WouldBlock), Is.EqualTo((SubrequestDecision.Sent, "allow-1", PolicyMode.Enforce, false)));
            Assert.That((first.Status, first.Failure, first.Worker), Is.EqualTo((200, (FailureKind?)null, (string?)null)));
            Assert.That((first.RequestBytes, first.ResponseBytes), Is.EqualTo((3, 5)));
            Assert.That(first.ProtocolVersion, Is.EqualTo(HttpVersion.Version11));
            Assert.That(first.TraceId, Is.EqualTo(activity.TraceId.ToHexString()));
            Assert.That(first.Address, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, new Uri(origin.Url).Port)));
            Assert.That(phases.Connect, Is.GreaterThan(TimeSpan.Zero));
            Assert.That(phases.Headers, Is.GreaterThan(TimeSpan.Zero));
            Assert.That(phases.Queue + phases.Worker + phases.Connect + phases.Headers + phases.Body, Is.EqualTo(first.Duration));
            Assert.That(second.Address, Is.Null, "over the connection that stood");
            Assert.That(second.Phases!.Connect, Is.EqualTo(TimeSpan.Zero));
            Assert.That(second.DispatchId, Is.Not.EqualTo(first.DispatchId));
            Assert.That(first.RequestHeaders, Does.Contain(new RecordedHeader("Accept", "text/plain")));
            Assert.That(first.RequestHeaders, Does.Contain(new RecordedHeader("Authorization", null)));
            Assert.That(first.RequestHeaders, Does.Contain(new RecordedHeader("X-Key", null)));
            Assert.That(first.RequestHeaders, Does.Contain(new RecordedHeader("Content-Type", "text/plain; charset=utf-8")));
            Assert.That(first.ResponseHeaders, Does.Contain(new RecordedHeader("Set-Cookie", null)));
            Assert.That(ring.Snapshot(), Is.EqualTo(new[] { first, second }));
        }
    }

    [Test]
    public async Task Record_NobodyAsksForDetail_HasNone()
    {
        await using Origin origin = await OriginAsync();
        await using Platform platform = Platform.Create(origin, Fetch("https://api.example.com/"));
        SubrequestRecord record = await RecordOfAsync(platform);
        Assert.That((record.Phases, record.Address, record.RequestHeaders, record.ResponseHeaders), Is.EqualTo(((SubrequestPhases?)null, (IPEndPoint?)null, (IReadOnlyList<RecordedHeader>?)null, (IReadOnlyList<RecordedHeader>?)null)));
    }

    [Test]
    public async Task Record_OfARedirect_IsOnePerHop()
    {
        await using Origin origin = await OriginAsync();
        await using Platform platform = Platform.Create(
            origin, Fetch("https://api.example.com/redirect"), builder => builder.ConfigurePolicy(policy => policy.AllowHosts("api.example.com")));
        await RecordOfAsync(platform);

        Assert.That(
            platform.Records.Select(static record => (record.Hop, record.Url, record.Decision, record.Status, record.RuleId, record.Failure)),
            Is.EqualTo(new (int, string, SubrequestDecision, int?, string?, FailureKind?)[]
            {
                (0, "https://api.example.com/redirect", SubrequestDecision.Sent, 302, "allow-1", null),
                (1, "https://other.example.com/end", SubrequestDecision.Blocked, null, PolicyDecision.DefaultDenyRule, FailureKind.Policy),
            }));
    }

    [Test]
    public async Task Record_InReportMode_SaysThatItWouldHaveBeenRefused()
    {
        await using Origin origin = await OriginAsync();
        await using Platform platform = Platform.Create(
            origin,
            Fetch("https://api.example.com/"),
            builder => builder.ConfigurePolicy(policy => policy.AllowHosts("other.example.com").Mode(PolicyMode.Report)));
        SubrequestRecord record = await RecordOfAsync(platform);
        Assert.That(
            (record.Decision, record.WouldBlock, record.Mode, record.RuleId, record.Status, record.Failure),
            Is.EqualTo((SubrequestDecision.Sent, true, PolicyMode.Report, PolicyDecision.DefaultDenyRule, 200, (FailureKind?)null)));
        Assert.That(record.Reason, Is.Not.Null);
    }

    private static IEnumerable<TestCaseData> Workers()
    {
        yield return new TestCaseData(
            (Func<HttpRequestMessage, OutboundContext, CancellationToken, Task<HttpResponseMessage>>)((_, _, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Accepted))),
            SubrequestDecision.Answered, (int?)202, (FailureKind?)null);
        yield return new TestCaseData(
            (Func<HttpRequestMessage, OutboundContext, CancellationToken, Task<HttpResponseMessage>>)((_, _, _) => throw new OutboundBlockedException("api.example.com")),
            SubrequestDecision.Blocked, (int?)null, FailureKind.Policy);
        yield return new TestCaseData(
            (Func<HttpRequestMessage, OutboundContext, CancellationToken, Task<HttpResponseMessage>>)((_, _, _) => throw new InvalidOperationException("worker")),
            SubrequestDecision.Failed, (int?)null, FailureKind.Worker);
    }

    [TestCaseSource(nameof(Workers))]
    public async Task Record_AnOutboundWorkerDecides_NamesIt(
        Func<HttpRequestMessage, OutboundContext, CancellationToken, Task<HttpResponseMessage>> fetch, SubrequestDecision decision, int? status, FailureKind? failure)
    {
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("tenant", Fetch("https://api.example.com/"))
            .AddOutboundWorker<Passing>()
            .AddOutboundWorker(_ => new DelegateWorker(fetch))
            .AddOutboundWorker<Passing>());
        SubrequestRecord record = await RecordOfAsync(platform);
        Assert.That((record.Decision, record.Status, record.Failure, record.Worker), Is.EqualTo((decision, status, failure, "worker")));
    }

    // Names of a chain's workers, and of the one that decides.
    [TestCase("Passing FailingAfter Passing", SubrequestDecision.Failed, "FailingAfter")]
    [TestCase("FailingAfter Passing", SubrequestDecision.Failed, "FailingAfter")]
    [TestCase("Passing FailingAtOnce Passing", SubrequestDecision.Failed, "FailingAtOnce")]
    [TestCase("Passing RefusingAfter", SubrequestDecision.Blocked, "RefusingAfter")]
    [TestCase("RefusingAfter Passing Passing", SubrequestDecision.Blocked, "RefusingAfter")]
    [TestCase("FailingAfter RefusingAfter", SubrequestDecision.Blocked, "RefusingAfter")]
    [TestCase("Passing Passing", SubrequestDecision.Sent, null)]
    [TestCase("Passing", SubrequestDecision.Sent, null)]
    public async Task Record_OneOfSeveralWorkersDecides_NamesThatOne(string chain, SubrequestDecision decision, string? expected)
    {
        await using Origin origin = await OriginAsync();
        await using Platform platform = Platform.Create(origin, Fetch("https://api.example.com/"), builder =>
        {
            foreach (string worker in chain.Split(' '))
            {
                _ = worker switch
                {
                    nameof(FailingAfter) => builder.AddOutboundWorker<FailingAfter>(),
                    nameof(FailingAtOnce) => builder.AddOutboundWorker<FailingAtOnce>(),
                    nameof(RefusingAfter) => builder.AddOutboundWorker<RefusingAfter>(),
                    _ => builder.AddOutboundWorker<Passing>(),
                };
            }
        });
        SubrequestRecord record = await RecordOfAsync(platform);
        Assert.That((record.Decision, record.Worker), Is.EqualTo((decision, expected)));
    }

    [TestCase("not absolute", SubrequestDecision.Rejected, FailureKind.Invalid, "(no absolute URL)")]
    [TestCase("ftp://api.example.com/x", SubrequestDecision.Rejected, FailureKind.Invalid, "ftp://api.example.com:21/x")]
    [TestCase("https://user:secret@api.example.com/", SubrequestDecision.Rejected, FailureKind.Invalid, "https://api.example.com/")]
    [TestCase("https://192.168.0.1/admin", SubrequestDecision.Blocked, FailureKind.Address, "https://192.168.0.1/admin")]
    [TestCase("https://[fd00::1]/", SubrequestDecision.Blocked, FailureKind.Address, "https://[fd00::1]/")]
    [TestCase("https://unknown.invalid/", SubrequestDecision.Sent, FailureKind.NameResolution, "https://unknown.invalid/")]
    public async Task Record_OfWhatNeverArrived_SaysWhy(string url, SubrequestDecision decision, FailureKind failure, string recorded)
    {
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("tenant", async (_, context, token) => await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(url, UriKind.RelativeOrAbsolute)), token))
            .ConfigureConnections(options => options.ResolveAsync = static (_, _) => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound)));
        SubrequestRecord record = await RecordOfAsync(platform);
        Assert.That((record.Decision, record.Failure, record.Url, record.Status), Is.EqualTo((decision, failure, recorded, (int?)null)));
    }

    [TestCase(RecordedUrl.Template, "/a/{redacted}")]
    [TestCase(RecordedUrl.Path, "/a/T024BE7LH")]
    [TestCase(RecordedUrl.PathAndQuery, "/a/T024BE7LH?q=1")]
    public async Task Record_HostChoosesHowMuchOfTheUrl_HasThatMuch(RecordedUrl choice, string expected)
    {
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("tenant", Fetch("https://api.example.com/a/T024BE7LH?q=1#f")).DenyAllOutbound().Configure(options => options.Records.Url = choice));
        Assert.That((await RecordOfAsync(platform)).Path, Is.EqualTo(expected));
    }

    [Test]
    public async Task Record_HostsOwnTemplateFails_IsWithoutThePathAndHurtsNobody()
    {
        await using Origin origin = await OriginAsync();
        await using Platform platform = Platform.Create(
            origin, Fetch("https://api.example.com/a"), builder => builder.Configure(options => options.Records.PathTemplate = static (_, _) => throw new InvalidOperationException()));
        SubrequestRecord record = await RecordOfAsync(platform);
        Assert.That((record.Path, record.Status), Is.EqualTo(("/{redacted}", 200)));
    }

    [Test]
    public async Task Record_DeadlinePassesWhileTheBodyIsRead_SaysSo()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new();
        TaskCompletionSource reading = new();
        await using Origin origin = await Origin.StartAsync(async http =>
        {
            await http.Response.WriteAsync("1");
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        await using Platform platform = Platform.Create(
            builder => builder
                .Route("api.example.com", origin.Url)
                .Configure(options => options.Limits.Deadline = TimeSpan.FromSeconds(10))
                .AddTenant("tenant", async (_, context, token) =>
                {
                    HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);
                    Stream body = await response.Content.ReadAsStreamAsync(token);
                    await body.ReadExactlyAsync(new byte[1], token);
                    reading.SetResult();
                    await body.ReadExactlyAsync(new byte[1], token);
                    return response;
                }),
            services => services.AddSingleton<TimeProvider>(time));
        Task<HttpResponseMessage> fetching = platform.FetchAsync();
        await reading.Task;
        while (!fetching.IsCompleted || platform.Records.IsEmpty)
        {
            // Whoever cuts the body off records it, and the reader may be through first.
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<TaskCanceledException>(() => fetching);
        SubrequestRecord record = platform.Records.Single();
        Assert.That((record.Decision, record.Status, record.Failure, record.ResponseBytes), Is.EqualTo((SubrequestDecision.Sent, 200, FailureKind.Deadline, 1)));
    }

    [Test]
    public async Task AddSubrequestRing_Twice_IsOneRingByTheNamespacesName()
    {
        ServiceCollection services = new();
        services.AddDispatchNamespace("production").AddTenant("tenant", Fetch("https://api.example.com/")).DenyAllOutbound()
            .AddSubrequestRing(capacity: 10).AddSubrequestRing(capacity: 20).AddTenantUsage().AddTenantUsage();
        await using ServiceProvider provider = services.BuildServiceProvider();
        DispatchNamespace production = provider.GetRequiredService<DispatchNamespace>();
        SubrequestRing ring = provider.GetRequiredKeyedService<SubrequestRing>("production");
        TenantUsageMeter usage = provider.GetRequiredKeyedService<TenantUsageMeter>("production");

        await Assert.ThrowsAsync<OutboundBlockedException>(() => production.Get("tenant").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://tenant.example.com/")));

        Assert.That((ring.Capacity, ring.Count, usage.Read("tenant").Subrequests, usage.Read("tenant").Blocked), Is.EqualTo((10, 1, 1, 1)));
    }

    [Test]
    public async Task AddOutboundObserver_ByItsType_IsDisposedWithTheNamespace()
    {
        DisposableObserver.IsDisposed = false;
        ServiceCollection services = new();
        services.AddDispatchNamespace("production").AddQueuedOutboundObserver<DisposableObserver>();
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            _ = provider.GetRequiredService<DispatchNamespace>();
            Assert.That(DisposableObserver.IsDisposed, Is.False);
        }

        Assert.That(DisposableObserver.IsDisposed, Is.True);
    }

    public sealed class Passing : IOutboundWorker
    {
        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken) =>
            context.SendAsync(request, cancellationToken);
    }

    public sealed class FailingAfter : IOutboundWorker
    {
        public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
        {
            using HttpResponseMessage response = await context.SendAsync(request, cancellationToken);
            throw new InvalidOperationException("worker");
        }
    }

    public sealed class FailingAtOnce : IOutboundWorker
    {
        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("worker");
    }

    public sealed class RefusingAfter : IOutboundWorker
    {
        public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
        {
            using HttpResponseMessage response = await context.SendAsync(request, cancellationToken);
            throw new OutboundBlockedException(request.RequestUri!.Host);
        }
    }

    private sealed class DisposableObserver : IOutboundObserver, IDisposable
    {
        public static bool IsDisposed { get; set; }

        public void Dispose() => IsDisposed = true;
    }
}
