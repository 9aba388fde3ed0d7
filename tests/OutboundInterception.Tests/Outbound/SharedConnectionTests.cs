using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Outbound;

/// <summary>Tenants share the HTTP/2 connections to an origin, which ends them where too many requests are given up.</summary>
[CancelAfter(60_000)]
public class SharedConnectionTests
{
    public enum GivenUp
    {
        BeforeTheHeaders,
        InTheBody,
        WhileItIsRead,
    }

    [Test]
    public async Task Http2_TenantGivesUpManyRequests_GetsAConnectionOfItsOwnForAWhile([Values] GivenUp given, CancellationToken cancellationToken)
    {
        FakeTimeProvider time = new();
        FakeLogCollector log = FakeLogCollector.Create(new FakeLogCollectorOptions());
        using SemaphoreSlim held = new(0);
        await using Origin origin = await Origin.StartAsync(
            async http =>
            {
                bool holds = http.Request.Path != "/id";
                if (!holds || given != GivenUp.BeforeTheHeaders)
                {
                    await http.Response.WriteAsync(http.Connection.Id, cancellationToken);
                }

                if (holds)
                {
                    held.Release();
                    await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                }
            },
            HttpProtocols.Http2);
        await using Platform platform = Platform.Create(
            builder => builder
                .AddTenant("victim", Fetch)
                .AddTenant("rude", Fetch)
                .Route("api.example.com", origin.Url),
            services => services.AddSingleton<TimeProvider>(time).AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(log))));
        string shared = await ConnectionAsync("victim");
        Assert.That(await ConnectionAsync("rude"), Is.EqualTo(shared));

        for (int request = 0; request < GivenUpRequests.Most; request++)
        {
            using CancellationTokenSource givesUp = new();
            Task<HttpResponseMessage> sent = platform.Namespace.Get("rude").FetchAsync(Inbound("/hold"), givesUp.Token);
            await held.WaitAsync(cancellationToken);
            if (given == GivenUp.BeforeTheHeaders)
            {
                await givesUp.CancelAsync();
                Assert.That(async () => await sent, Throws.InstanceOf<OperationCanceledException>());
                continue;
            }

            using HttpResponseMessage response = await sent;
            if (given == GivenUp.WhileItIsRead)
            {
                Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
                await body.ReadExactlyAsync(new byte[shared.Length], cancellationToken);
                _ = body.ReadAsync(new byte[1], cancellationToken).AsTask().ContinueWith(static read => read.Exception, TaskScheduler.Default);
            }
        }

        // What is given up is counted when the connection has been told, which is another thread's affair.
        await Eventually.BeAsync(() => Told(log) > 0, cancellationToken);
        string apart = await ConnectionAsync("rude");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(apart, Is.Not.EqualTo(shared));
            Assert.That(await ConnectionAsync("victim"), Is.EqualTo(shared));
            Assert.That(Told(log), Is.EqualTo(1));
        }

        time.Advance(GivenUpRequests.Apart);

        Assert.That(await ConnectionAsync("rude"), Is.EqualTo(shared));

        async Task<string> ConnectionAsync(string tenant)
        {
            using HttpResponseMessage response = await platform.Namespace.Get(tenant).FetchAsync(Inbound("/id"), cancellationToken);
            return await response.Content.ReadAsStringAsync(cancellationToken);
        }
    }

    private static int Told(FakeLogCollector log) => log.GetSnapshot().Count(static line => line.Id.Name == "GivesUpTooMuch");

    private static HttpRequestMessage Inbound(string path) => new(HttpMethod.Get, $"https://tenant.apps.example.com{path}");

    private static Task<HttpResponseMessage> Fetch(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken) => context.FetchAsync(
        new HttpRequestMessage(HttpMethod.Get, $"http://api.example.com{request.RequestUri!.AbsolutePath}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        },
        cancellationToken);
}
