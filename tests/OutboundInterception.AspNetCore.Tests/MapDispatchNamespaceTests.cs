using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OutboundInterception.AspNetCore.Tests;

[CancelAfter(60_000)]
public class MapDispatchNamespaceTests
{
    private static async Task<WebApplication> StartAsync(TenantDelegate tenant, Action<IDispatchNamespaceBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        IDispatchNamespaceBuilder added = builder.Services.AddDispatchNamespace("production").AddTenant("shop", tenant);
        configure?.Invoke(added);
        WebApplication app = builder.Build();
        app.MapDispatchNamespace("production", TenantResolver.Subdomain("apps.example.com"));
        await app.StartAsync();
        return app;
    }

    private static async Task<HttpResponseMessage> SendAsync(WebApplication app, string host, HttpContent? content = null, CancellationToken cancellationToken = default)
    {
        using HttpClient client = new();
        HttpRequestMessage request = new(content is null ? HttpMethod.Get : HttpMethod.Post, app.Urls.First() + "/path?q=1") { Content = content };
        request.Headers.Host = host;
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    [Test]
    public async Task Request_ForATenant_ItsAnswerComesBackWithTheBodyItRead()
    {
        await using WebApplication app = await StartAsync(async (request, _, token) =>
        {
            string body = request.Content is null ? "none" : await request.Content.ReadAsStringAsync(token);
            HttpResponseMessage response = new(HttpStatusCode.Accepted) { Content = new StringContent($"{request.Method} {request.RequestUri} {body}") };
            response.Headers.Add("X-Tenant", "shop");
            return response;
        });

        using HttpResponseMessage response = await SendAsync(app, "SHOP.apps.example.com", new StringContent("hello"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(response.Headers.GetValues("X-Tenant"), Is.EqualTo(new[] { "shop" }));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("POST http://shop.apps.example.com/path?q=1 hello"));
        }
    }

    [TestCase("nobody.apps.example.com")]
    [TestCase("apps.example.com")]
    [TestCase("a.shop.apps.example.com")]
    [TestCase("shop.evil.com")]
    [TestCase("127.0.0.1")]
    public async Task Request_ForNoTenant_404(string host)
    {
        await using WebApplication app = await StartAsync((_, _, _) => Task.FromResult(new HttpResponseMessage()));
        using HttpResponseMessage response = await SendAsync(app, host);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Request_TenantThrows_500WithoutItsMessage()
    {
        await using WebApplication app = await StartAsync((_, _, _) => throw new InvalidOperationException("secret text"));
        using HttpResponseMessage response = await SendAsync(app, "shop.apps.example.com");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("The tenant failed.").And.Not.Contain("secret text"));
    }

    [TestCase("http://blocked.example.net/", HttpStatusCode.Forbidden)]
    [TestCase("http://closed.example.com/", HttpStatusCode.BadGateway)]
    public async Task Request_TenantsSubrequestFails_StatusSaysWhy(string url, HttpStatusCode expected)
    {
        await using WebApplication app = await StartAsync(
            (_, context, token) => context.Http.GetAsync(url, token),
            builder => builder.ConfigurePolicy(policy => policy.AllowHosts("*.example.com")).Route("closed.example.com", "http://127.0.0.1:1"));
        using HttpResponseMessage response = await SendAsync(app, "shop.apps.example.com");
        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task Request_TenantUsesUpALimit_429()
    {
        await using WebApplication app = await StartAsync(
            (_, context, token) => context.Http.GetAsync("http://api.example.com/", token),
            builder => builder.Configure(options => options.Limits.Subrequests = 0));
        using HttpResponseMessage response = await SendAsync(app, "shop.apps.example.com");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task Request_ClientGoesAway_TenantIsCancelled()
    {
        TaskCompletionSource started = new();
        TaskCompletionSource cancelled = new();
        await using WebApplication app = await StartAsync(async (_, _, token) =>
        {
            token.Register(cancelled.SetResult);
            started.SetResult();
            await cancelled.Task;
            return new HttpResponseMessage();
        });
        using CancellationTokenSource client = new();
        Task<HttpResponseMessage> request = SendAsync(app, "shop.apps.example.com", cancellationToken: client.Token);
        await started.Task;

        await client.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => request);
        await cancelled.Task;
    }

    [Test]
    public async Task Response_StreamOfEvents_FirstArrivesBeforeTheSecondIsWritten()
    {
        System.IO.Pipelines.Pipe pipe = new();
        await using WebApplication app = await StartAsync((_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(pipe.Reader.AsStream()) }));
        using HttpResponseMessage response = await FirstAsync();
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());

        Assert.That(await reader.ReadLineAsync(), Is.EqualTo("one"));
        await pipe.Writer.WriteAsync("two\n"u8.ToArray());
        await pipe.Writer.CompleteAsync();
        Assert.That(await reader.ReadLineAsync(), Is.EqualTo("two"));

        async Task<HttpResponseMessage> FirstAsync()
        {
            await pipe.Writer.WriteAsync("one\n"u8.ToArray());
            return await SendAsync(app, "shop.apps.example.com");
        }
    }
}
