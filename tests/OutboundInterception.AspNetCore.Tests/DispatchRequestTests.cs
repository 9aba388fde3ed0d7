using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OutboundInterception.AspNetCore.Tests;

[CancelAfter(60_000)]
public class DispatchRequestTests
{
    private static readonly TenantDelegate s_url = (request, _, _) =>
        Task.FromResult(new HttpResponseMessage { Content = new StringContent(request.RequestUri!.AbsoluteUri) });

    [TestCase("/")]
    [TestCase("/a%2520b?q=%2F&r=a%20b")]
    [TestCase("/a%2Fb/%25/c")]
    [TestCase("//double//slash")]
    [TestCase("/umlaut/%C3%BC")]
    public async Task Request_Url_IsTheOneTheClientAskedFor(string path)
    {
        await using TenantServer server = await TenantServer.StartAsync(s_url);
        using HttpResponseMessage response = await server.Client.GetAsync(new Uri(server.Client.BaseAddress!.OriginalString + path));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("http://shop.apps.example.com" + path));
    }

    [Test]
    public async Task Request_WithoutHost_400AndNoTenantCodeRuns()
    {
        int ran = 0;
        await using TenantServer server = await TenantServer.StartAsync(
            (_, _, _) =>
            {
                Interlocked.Increment(ref ran);
                return Task.FromResult(new HttpResponseMessage());
            },
            resolver: TenantResolver.Create(_ => "shop"));
        using TcpClient client = new("127.0.0.1", server.Client.BaseAddress!.Port);
        await client.GetStream().WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
        using StreamReader reader = new(client.GetStream());

        string answer = await reader.ReadToEndAsync();

        Assert.That(answer, Does.StartWith("HTTP/1.1 400 "));
        Assert.That(ran, Is.Zero);
    }

    [Test]
    public async Task Request_Headers_EndToEndOnesPassAndHopByHopOnesDoNot()
    {
        await using TenantServer server = await TenantServer.StartAsync((request, _, _) =>
        {
            HttpResponseMessage response = new() { Content = new StringContent(string.Join(' ', request.Headers.Select(header => header.Key))) };
            response.Headers.Add("Set-Cookie", ["a=1", "b=2"]);
            response.Headers.TryAddWithoutValidation("Keep-Alive", "timeout=5");
            return Task.FromResult(response);
        });
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.Add("X-End", "1");
        request.Headers.TryAddWithoutValidation("Keep-Alive", "timeout=5");
        request.Headers.TryAddWithoutValidation("Proxy-Connection", "x");

        using HttpResponseMessage response = await server.Client.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("X-End").And.Not.Contain("Keep-Alive").And.Not.Contain("Proxy-Connection"));
            Assert.That(response.Headers.GetValues("Set-Cookie"), Is.EqualTo(new[] { "a=1", "b=2" }));
            Assert.That(response.Headers.Contains("Keep-Alive"), Is.False);
        }
    }

    [Test]
    public async Task Request_TenantKeepsTheBodysStream_ItDoesNotReadTheNextRequest()
    {
        Stream? kept = null;
        await using TenantServer server = await TenantServer.StartAsync(async (request, _, token) =>
        {
            if (kept is null)
            {
                kept = await request.Content!.ReadAsStreamAsync(token);
                using StreamReader own = new(kept, leaveOpen: true);
                return new HttpResponseMessage { Content = new StringContent(await own.ReadToEndAsync(token)) };
            }

            byte[] buffer = new byte[64];
            try
            {
                int count = await kept.ReadAsync(buffer, token);
                return new HttpResponseMessage { Content = new StringContent("read " + System.Text.Encoding.UTF8.GetString(buffer, 0, count)) };
            }
            catch (ObjectDisposedException)
            {
                return new HttpResponseMessage { Content = new StringContent("ended") };
            }
        });

        using HttpResponseMessage first = await server.Client.PostAsync("/", new StringContent("first"));
        using HttpResponseMessage second = await server.Client.PostAsync("/", new StringContent("of somebody else"));

        Assert.That(await first.Content.ReadAsStringAsync(), Is.EqualTo("first"));
        Assert.That(await second.Content.ReadAsStringAsync(), Is.EqualTo("ended"));
    }

    [Test]
    public async Task Configure_UnknownTenant_IsNotAskedAnd404()
    {
        List<string> asked = [];
        await using TenantServer server = await TenantServer.StartAsync(s_url, options: (_, tenant) =>
        {
            asked.Add(tenant);
            return ValueTask.FromResult(new DispatchOptions());
        });
        server.Client.DefaultRequestHeaders.Host = "nobody.apps.example.com";
        using HttpResponseMessage unknown = await server.GetAsync("/");
        server.Client.DefaultRequestHeaders.Host = "shop.apps.example.com";
        using HttpResponseMessage known = await server.GetAsync("/");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(known.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(asked, Is.EqualTo(new[] { "shop" }));
        }
    }

    [Test]
    public async Task Map_InAGroup_RouteValueNamesTheTenant()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDispatchNamespace("production").AddTenant("shop", s_url);
        await using WebApplication app = builder.Build();
        app.MapGroup("/t/{tenant}").MapDispatchNamespace("production", TenantResolver.RouteValue("tenant"));
        await app.StartAsync();
        using HttpClient client = new();

        Assert.That(await client.GetStringAsync(app.Urls.First() + "/t/shop/orders"), Is.EqualTo(app.Urls.First() + "/t/shop/orders"));
    }

    [Test]
    public async Task Map_NoSuchNamespace_ThrowsAndNamesTheCall()
    {
        await using WebApplication none = WebApplication.CreateSlimBuilder().Build();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddDispatchNamespace("production");
        await using WebApplication other = builder.Build();
        TenantResolver resolver = TenantResolver.Header("X-Tenant");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => none.MapDispatchNamespace("staging", resolver), Throws.InvalidOperationException.With.Message.Contains("AddDispatchNamespace(\"staging\")"));
            Assert.That(() => other.MapDispatchNamespace("staging", resolver), Throws.InvalidOperationException.With.Message.Contains("AddDispatchNamespace(\"staging\")"));
        }
    }
}
