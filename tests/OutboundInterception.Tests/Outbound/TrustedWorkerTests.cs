using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OutboundInterception.Tests.Outbound;

[CancelAfter(60_000)]
internal sealed class TrustedWorkerTests
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task FetchAsync_WorkerSendsElsewhere_IsDecidedAgainUnlessItIsTrusted(bool isTrusted)
    {
        await using Origin origin = await Origin.StartAsync(EchoAsync);
        await using Platform platform = Create(origin, builder =>
        {
            builder.AddOutboundWorker<Rewriter>(ServiceLifetime.Singleton);
            if (isTrusted)
            {
                builder.TrustAuthorityChanges<Rewriter>();
            }
        });

        if (isTrusted)
        {
            Assert.That(await platform.GetStringAsync(), Is.EqualTo("internal.example.com/moved"));
        }
        else
        {
            OutboundBlockedException blocked = (await Assert.ThrowsAsync<OutboundBlockedException>(() => platform.FetchAsync()))!;
            Assert.That(blocked.Host, Is.EqualTo("internal.example.com"));
        }
    }

    [Test]
    public async Task FetchAsync_TrustedWorkerIsScoped_IsTrusted()
    {
        await using Origin origin = await Origin.StartAsync(EchoAsync);
        await using Platform platform = Create(
            origin, builder => builder.AddOutboundWorker<Rewriter>(ServiceLifetime.Scoped).TrustAuthorityChanges<Rewriter>());

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("internal.example.com/moved"));
    }

    [Test]
    public async Task FetchAsync_AnotherWorkerSendsElsewhereByWayOfTheTrustedOne_IsBlocked([Values] bool isBefore)
    {
        await using Origin origin = await Origin.StartAsync(EchoAsync);
        await using Platform platform = Create(origin, builder =>
        {
            if (isBefore)
            {
                builder.AddOutboundWorker<Rewriter>(ServiceLifetime.Singleton);
            }

            builder.AddOutboundWorker(_ => new DelegateWorker((request, context, token) => context.SendAsync(request, token)))
                .TrustAuthorityChanges<DelegateWorker>();
            if (!isBefore)
            {
                builder.AddOutboundWorker<Rewriter>(ServiceLifetime.Singleton);
            }
        });

        await Assert.ThrowsAsync<OutboundBlockedException>(() => platform.FetchAsync());
    }

    [Test]
    public async Task FetchAsync_TrustedWorkerSendsInward_TheAddressGuardStays()
    {
        await using Origin origin = await Origin.StartAsync(EchoAsync);
        await using Platform platform = Create(origin, builder => builder
            .AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
            {
                request.RequestUri = new Uri("http://127.0.0.1/");
                return context.SendAsync(request, token);
            }))
            .TrustAuthorityChanges<DelegateWorker>());

        await Assert.ThrowsAsync<OutboundBlockedException>(() => platform.FetchAsync());
        Assert.That(platform.Records.Single().RuleId, Is.EqualTo("address-guard"));
    }

    [Test]
    public void Create_TrustedWorkerIsNotAdded_SaysSo() => Assert.That(
        () => Platform.Create(static builder => builder.TrustAuthorityChanges<Rewriter>()),
        Throws.TypeOf<OptionsValidationException>().With.Message.Contains("AddOutboundWorker<Rewriter>()"));

    [Test]
    public async Task FetchAsync_ReportMode_TheRecordSaysThatItWouldHaveBeenBlocked()
    {
        await using Origin origin = await Origin.StartAsync(EchoAsync);
        await using Platform platform = Platform.Create(
            origin,
            static (_, context, token) => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token),
            static builder => builder.ConfigurePolicy(static policy => policy.Mode(PolicyMode.Report).AllowHosts("else.example.com")));

        (await platform.FetchAsync()).Dispose();

        SubrequestRecord record = platform.Records.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(record.Decision, Is.EqualTo(SubrequestDecision.Sent));
            Assert.That(record.Mode, Is.EqualTo(PolicyMode.Report));
            Assert.That(record.WouldBlock, Is.True);
            Assert.That(record.RuleId, Is.EqualTo(PolicyDecision.DefaultDenyRule));
            Assert.That(record.Reason, Is.Not.Null);
        }
    }

    private static Task EchoAsync(HttpContext context) => context.Response.WriteAsync($"{context.Request.Host}{context.Request.Path}");

    private static Platform Create(Origin origin, Action<IDispatchNamespaceBuilder> configure) => Platform.Create(
        origin,
        static (_, context, token) => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token),
        builder => configure(builder
            .Route("internal.example.com", origin.Url)
            .ConfigurePolicy(static policy => policy.AllowHosts("api.example.com"))));

    private sealed class Rewriter : IOutboundWorker
    {
        public Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, OutboundContext context, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri("https://internal.example.com/moved");
            return context.SendAsync(request, cancellationToken);
        }
    }
}
