using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Diagnostics;

[CancelAfter(120_000)]
public class TelemetryTests
{
    private static async Task<HttpResponseMessage> GetAsync(TenantContext context, string url, CancellationToken token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("traceparent", "00-11111111111111111111111111111111-2222222222222222-01");
        using HttpResponseMessage response = await context.FetchAsync(request, token);
        await response.Content.ReadAsByteArrayAsync(token);
        return new HttpResponseMessage();
    }

    private static async Task<Exception?> FetchAsync(Platform platform)
    {
        try
        {
            using HttpResponseMessage response = await platform.FetchAsync();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private static Dictionary<string, object?> Tags(Activity span) => span.TagObjects.ToDictionary();

    [Test]
    public async Task Spans_OfADispatchWithASubrequest_FollowTheConventions()
    {
        using TelemetryFixture telemetry = new();
        string? seen = null;
        string? currentOfWorker = null;
        await using Origin origin = await Origin.StartAsync(http =>
        {
            seen = http.Request.Headers["traceparent"];
            return http.Response.WriteAsync("12345");
        });
        await using Platform platform = Platform.Create(
            origin,
            (_, context, token) => GetAsync(context, "https://api.example.com/orders/42?key=secret", token),
            builder =>
            {
                telemetry.Mark(builder);
                builder.ConfigurePolicy(policy => policy.AllowHosts("api.example.com")).AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
                {
                    currentOfWorker = Activity.Current?.Id;
                    return context.SendAsync(request, token);
                }));
            });
        using Activity host = new Activity("host") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        await FetchAsync(platform);
        Assert.That(Activity.Current, Is.SameAs(host));

        Activity dispatch = telemetry.Dispatch;
        Activity span = telemetry.Subrequests.Single();
        Dictionary<string, object?> tags = Tags(span);
        SubrequestRecord record = platform.Records.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(span.Source.Name, Is.EqualTo("OutboundInterception"));
            Assert.That(span.DisplayName, Is.EqualTo("GET"));
            Assert.That(span.Kind, Is.EqualTo(ActivityKind.Client));
            Assert.That(span.ParentSpanId, Is.EqualTo(dispatch.SpanId));
            Assert.That(dispatch.ParentSpanId, Is.EqualTo(host.SpanId));
            Assert.That(span.TraceId, Is.EqualTo(host.TraceId));
            Assert.That(currentOfWorker, Is.EqualTo(span.Id));
            Assert.That((record.TraceId, record.SpanId), Is.EqualTo((span.TraceId.ToHexString(), span.SpanId.ToHexString())));
            Assert.That(tags["http.request.method"], Is.EqualTo("GET"));
            Assert.That(tags["server.address"], Is.EqualTo("api.example.com"));
            Assert.That(tags["server.port"], Is.EqualTo(443));
            Assert.That(tags["url.full"], Is.EqualTo("https://api.example.com/orders/{id}"));
            Assert.That(tags["http.response.status_code"], Is.EqualTo(200));
            Assert.That(tags["network.protocol.version"], Is.EqualTo("1.1"));
            Assert.That(tags["http.response.body.size"], Is.EqualTo(5));
            Assert.That(tags["outbound.decision"], Is.EqualTo("sent"));
            Assert.That(tags["outbound.rule"], Is.EqualTo("allow-1"));
            Assert.That(tags["outbound.tenant"], Is.EqualTo("tenant"));
            Assert.That(tags, Does.Not.ContainKey("error.type"));
            Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
            Assert.That(Tags(dispatch)["outbound.subrequests"], Is.EqualTo(1));
            Assert.That(Tags(dispatch)["http.response.status_code"], Is.EqualTo(200));
            Assert.That(Tags(dispatch)["outbound.dispatch.id"], Is.EqualTo(record.DispatchId));
            Assert.That(seen, Is.Null, "a trace context was sent");
        }
    }

    [Test]
    public async Task Spans_BlockedAndRedirected_AreThereAndHaveTheirErrors()
    {
        using TelemetryFixture telemetry = new();
        await using Origin origin = await Origin.StartAsync(http =>
        {
            http.Response.Redirect("https://other.example.com/");
            return Task.CompletedTask;
        });
        await using Platform platform = Platform.Create(
            origin,
            (_, context, token) => GetAsync(context, "https://api.example.com/", token),
            builder =>
            {
                telemetry.Mark(builder);
                builder.ConfigurePolicy(policy => policy.AllowHosts("api.example.com"));
            });
        Assert.That(await FetchAsync(platform), Is.InstanceOf<OutboundBlockedException>());

        Activity[] spans = telemetry.Subrequests;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(spans.Select(static span => Tags(span)["outbound.hop"]), Is.EqualTo(new[] { 0, 1 }));
            Assert.That(spans.Select(static span => Tags(span)["outbound.decision"]), Is.EqualTo(new[] { "sent", "blocked" }));
            Assert.That(spans.Select(static span => span.ParentSpanId), Is.All.EqualTo(telemetry.Dispatch.SpanId));
            Assert.That(Tags(spans[1])["error.type"], Is.EqualTo("policy"));
            Assert.That(spans[1].Status, Is.EqualTo(ActivityStatusCode.Error));
            Assert.That(telemetry.Dispatch.Status, Is.EqualTo(ActivityStatusCode.Error));
            Assert.That(Tags(telemetry.Dispatch)["error.type"], Is.EqualTo(typeof(OutboundBlockedException).FullName));
        }
    }

    [Test]
    public async Task PropagateTraceContext_HostOptsIn_OriginGetsTheSubrequestsSpanAndNotTheTenantsOwn()
    {
        using TelemetryFixture telemetry = new();
        string? seen = null;
        await using Origin origin = await Origin.StartAsync(http =>
        {
            seen = http.Request.Headers["traceparent"];
            return Task.CompletedTask;
        });
        await using Platform platform = Platform.Create(
            origin,
            (_, context, token) => GetAsync(context, "https://api.example.com/", token),
            builder =>
            {
                telemetry.Mark(builder);
                builder.Configure(options => options.Telemetry.PropagateTraceContext = true);
            });
        await FetchAsync(platform);
        Assert.That(seen, Is.EqualTo(telemetry.Subrequests.Single().Id));
    }

    [Test]
    public async Task Metrics_OfManyHostsAndTenants_HaveBoundedTags()
    {
        using TelemetryFixture telemetry = new();
        await using Origin origin = await Origin.StartAsync(static http => http.Response.WriteAsync("1"));
        int number = 0;
        await using Platform platform = Platform.Create(builder =>
        {
            telemetry.Mark(builder);
            builder.Configure(options =>
            {
                options.Telemetry.HostLimit = 2;
                options.Telemetry.Hosts.Add("important.example.com");
                options.Telemetry.TenantLimit = 1;
            });
            builder.ConfigurePolicy(policy => policy.DenyHosts("*.blocked.example"));
            TenantDelegate tenant = (_, context, token) => GetAsync(
                context, $"https://{(number < 10 ? $"h{number}.blocked.example" : number == 20 ? "important.example.com" : $"h{number}.example.com")}/", token);
            builder.AddTenant("tenant", tenant).AddTenant("second", tenant).Route("important.example.com", origin.Url);
            for (int host = 10; host < 20; host++)
            {
                builder.Route($"h{host}.example.com", origin.Url);
            }
        });
        for (; number <= 20; number++)
        {
            await FetchAsync(platform);
        }

        number = 20;
        await platform.Namespace.Get("second").FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://x.example/"));

        Dictionary<string, string?>[] points = telemetry.Points("outbound.subrequest.duration");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                points.Select(static point => point["server.address"]).Distinct(),
                Is.EquivalentTo(new[] { "h10.example.com", "h11.example.com", "important.example.com", TelemetryOptions.Other }));
            Assert.That(points.Select(static point => point["outbound.tenant"]).Distinct(), Is.EquivalentTo(new[] { "tenant", TelemetryOptions.Other }));
            Assert.That(points.Select(static point => point["outbound.decision"]).Distinct(), Is.EquivalentTo(new[] { "sent", "blocked" }));
            Assert.That(points, Has.Length.EqualTo(6));
            Assert.That(telemetry.Points("outbound.dispatch.duration"), Has.Length.EqualTo(3));
            Assert.That(telemetry.Points("outbound.dispatch.active"), Has.Length.EqualTo(1));
        }
    }

    [Test]
    public async Task Metrics_OfOneOfSeveralContainersThatComeAndGo_AreAllThere()
    {
        using TelemetryFixture telemetry = new();
        Platform before = Denying();
        await using Platform platform = Denying(telemetry);
        await before.DisposeAsync();
        await using Platform after = Denying();
        await FetchAsync(platform);
        await FetchAsync(after);

        Dictionary<string, string?>[] points = telemetry.Points("outbound.subrequest.duration");
        await FetchAsync(platform);
        Dictionary<string, string?>[] again = telemetry.Points("outbound.subrequest.duration");

        Assert.That((points.Length, again.Length), Is.EqualTo((1, 1)));

        static Platform Denying(TelemetryFixture? telemetry = null) => Platform.Create(builder =>
        {
            telemetry?.Mark(builder);
            builder.AddTenant("tenant", (_, context, token) => GetAsync(context, "https://api.example.com/", token)).DenyAllOutbound();
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task EnrichHttpClientMetrics_HostOptsIn_FrameworksMetricSaysWhose(bool optsIn)
    {
        using TelemetryFixture telemetry = new();
        await using Origin origin = await Origin.StartAsync(static http => http.Response.WriteAsync("1"));
        await using Platform platform = Platform.Create(
            origin,
            (_, context, token) => GetAsync(context, "https://api.example.com/", token),
            builder =>
            {
                telemetry.Mark(builder);
                builder.Configure(options =>
                {
                    options.Telemetry.EnrichHttpClientMetrics = optsIn;
                    options.Telemetry.TenantLimit = 10;
                });

                // The same message twice, as a retry has it.
                builder.AddOutboundWorker(_ => new DelegateWorker(async (request, context, token) =>
                {
                    (await context.SendAsync(request, token)).Dispose();
                    return await context.SendAsync(request, token);
                }));
            });
        Assert.That(await FetchAsync(platform), Is.Null);

        Dictionary<string, string?>[] points = telemetry.Points("http.client.request.duration");
        Assert.That(points, Has.Length.EqualTo(optsIn ? 1 : 0));
        Assert.That(points.Select(static point => point["outbound.tenant"]), Is.All.EqualTo("tenant"));
    }

    [Test]
    public async Task Otlp_OverRealHttp_ArrivesWithSpansAndMetrics()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        string label;
        using (TelemetryFixture telemetry = new(receiver))
        {
            label = telemetry.Label;
            await using Platform platform = Platform.Create(builder =>
            {
                telemetry.Mark(builder);
                builder.AddTenant("tenant", (_, context, token) => GetAsync(context, "https://api.example.com/", token)).DenyAllOutbound();
            });
            Assert.That(await FetchAsync(platform), Is.InstanceOf<OutboundBlockedException>());
            Assert.That(telemetry.Points("outbound.subrequest.duration"), Has.Length.EqualTo(1));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(receiver.Text("/v1/traces"), Does.Contain(label).And.Contain("outbound.decision").And.Contain("deny-all").And.Contain("url.full"));
            Assert.That(receiver.Text("/v1/metrics"), Does.Contain(label).And.Contain("outbound.subrequest.duration").And.Contain("outbound.dispatch.active"));
        }
    }

    [Test]
    public async Task TagValues_ManyThreads_NeverExceedTheLimit()
    {
        TagValues values = new(50, ["known"]);
        string[][] seen = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
            Enumerable.Range(0, 10_000).Select(index => values.Of($"v{(index * 7) + (worker * index)}")).Append(values.Of("known")).Distinct().ToArray())));
        string[] all = [.. seen.SelectMany(static part => part).Distinct()];
        Assert.That(all, Has.Length.LessThanOrEqualTo(52).And.Member("known").And.Member(TelemetryOptions.Other));
    }
}
