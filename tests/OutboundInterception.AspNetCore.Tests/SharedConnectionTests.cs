using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.AspNetCore.Tests;

/// <summary>Many tenants' requests come over one connection of a gateway: what one does there hurts no other.</summary>
[CancelAfter(60_000)]
public class SharedConnectionTests
{
    [TestCase(0, 0)]
    [TestCase(42, 0)]
    [TestCase(103, 0)]
    [TestCase(200, 100)]
    public async Task Response_ThatAClientGivesTheConnectionUpFor_EndsNoOtherTenantsStream(int status, int longHeaders, CancellationToken cancellationToken)
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TenantServer server = await TenantServer.StartAsync(
            (_, _, _) =>
            {
                HttpResponseMessage response = new((HttpStatusCode)status) { Content = new StringContent("data") };
                foreach (int number in Enumerable.Range(0, longHeaders))
                {
                    response.Headers.TryAddWithoutValidation($"X-Long-{number}", new string('x', 1000));
                }

                return Task.FromResult(response);
            },
            builder => builder.AddTenant("victim", async (_, _, _) =>
            {
                begun.SetResult();
                await goOn.Task;
                return new HttpResponseMessage { Content = new StringContent("the victim's") };
            }),
            protocols: HttpProtocols.Http2);
        using HttpClient gateway = new() { BaseAddress = server.Client.BaseAddress };
        Task<HttpResponseMessage> asking = gateway.SendAsync(Request("victim"), cancellationToken);
        await begun.Task.WaitAsync(cancellationToken);
        using HttpResponseMessage refused = await gateway.SendAsync(Request("shop"), cancellationToken);
        goOn.SetResult();
        using HttpResponseMessage victims = await asking;

        Assert.That((int)refused.StatusCode, Is.GreaterThanOrEqualTo(500));
        Assert.That(await victims.Content.ReadAsStringAsync(cancellationToken), Is.EqualTo("the victim's"));
    }

    [Test]
    public async Task RequestBody_ReadTwiceAtOnce_ServersStreamIsReadOnce(CancellationToken cancellationToken)
    {
        OneReader? body = null;
        Exception? second = null;
        await using TenantServer server = await TenantServer.StartAsync(
            async (request, _, token) =>
            {
                Stream stream = await request.Content!.ReadAsStreamAsync(token);
                Task<int> one = stream.ReadAsync(new byte[10], token).AsTask();
                Task<int> two = stream.ReadAsync(new byte[10], token).AsTask();
                body!.Arrive();
                await one;
                second = (await Task.WhenAny(two)).Exception?.InnerException;
                Assert.That(await stream.ReadAsync(new byte[10], token), Is.Zero);
                return new HttpResponseMessage();
            },
            services: services => services.AddSingleton<IStartupFilter>(new Replace(inner => body = new OneReader(inner))));
        using HttpResponseMessage response = await server.Client.PostAsync("/", new StringContent("hello"), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(body!.Most, Is.EqualTo(1));
            Assert.That(second, Is.TypeOf<InvalidOperationException>());
        }
    }

    private static HttpRequestMessage Request(string tenant) => new(HttpMethod.Get, "/")
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Headers = { Host = $"{tenant}.apps.example.com" },
    };

    private sealed class Replace(Func<Stream, Stream> replace) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (http, goOn) =>
            {
                http.Request.Body = replace(http.Request.Body);
                await goOn(http);
            });
            next(app);
        };
    }

    private sealed class OneReader(Stream inner) : MemoryStream
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _now;

        public int Most { get; private set; }

        public void Arrive() => _arrived.TrySetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Most = int.Max(Most, Interlocked.Increment(ref _now));
            await _arrived.Task;
            Interlocked.Decrement(ref _now);
            await inner.CopyToAsync(Null, cancellationToken);
            return 0;
        }
    }
}
