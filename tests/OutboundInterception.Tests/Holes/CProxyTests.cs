using System.Net;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Holes;

/// <summary>Proxies: they resolve and connect in the place of the one who checks.</summary>
[CancelAfter(60_000)]
[NonParallelizable] // What it sets belongs to the process.
public class CProxyTests
{
    private const string FromProxy = "FROM-PROXY";
    private const string FromOrigin = "FROM-ORIGIN";

    [Test]
    public async Task C1_DefaultProxyIsSet_NotAsked()
    {
        await using RawServer proxy = new(RawServer.Answer(FromProxy));
        await ShowAsync(proxy, new WebProxy($"http://127.0.0.1:{proxy.Port}"));
    }

    [TestCase("HTTP_PROXY")]
    [TestCase("http_proxy")]
    [TestCase("ALL_PROXY")]
    public async Task C3_ProxyOfTheEnvironment_NotAsked(string variable)
    {
        await using RawServer proxy = new(RawServer.Answer(FromProxy));
        await ShowAsync(proxy, ReadEnvironment(variable, $"http://127.0.0.1:{proxy.Port}"));
    }

    [Test]
    public async Task C4_EnvironmentSetInTheProcess_NotAsked()
    {
        await using RawServer proxy = new(RawServer.Answer(FromProxy));

        // Managed code sets it, and the framework's reader sees it.
        IWebProxy fromEnvironment = ReadEnvironment("HTTP_PROXY", $"http://tenant@127.0.0.1:{proxy.Port}");

        Assert.That(fromEnvironment.GetProxy(new Uri("http://allowed.test/"))?.Port, Is.EqualTo(proxy.Port));
        await ShowAsync(proxy, fromEnvironment);
    }

    [Test]
    public async Task C5_ProxyBehindTheConnectCallback_NameIsResolvedHereAndChecked()
    {
        await using RawServer proxy = new("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        List<string> dialled = [];
        using PlainClient plain = new(sockets =>
        {
            sockets.Proxy = new WebProxy($"http://127.0.0.1:{proxy.Port}");
            sockets.ConnectCallback = (context, token) =>
            {
                dialled.Add(context.DnsEndPoint.Host);
                return PlainClient.ConnectAsync(context, token);
            };
        });
        Assert.That(() => plain.Http.GetStringAsync($"https://{Hosts.Allowed}/"), Throws.InstanceOf<HttpRequestException>());

        Assert.That(dialled, Is.EqualTo(new[] { "127.0.0.1" }), "the callback checks the proxy and never the host");
        Assert.That(proxy.Heads[0], Does.StartWith($"CONNECT {Hosts.Allowed}:443"));

        await WithDefaultProxyAsync(new WebProxy($"http://127.0.0.1:{proxy.Port}"), async () =>
        {
            await using GuardedTenant guarded = new(builder => builder.ConfigureConnections(
                options => options.ResolveAsync = static (_, _) => new ValueTask<IPAddress[]>([IPAddress.Parse("169.254.169.254")])));
            Exception? failure = await guarded.FailAsync(context => context.Http.GetStringAsync($"https://{Hosts.Allowed}/"));
            Assert.That(failure, Is.TypeOf<OutboundBlockedException>());
        });
        Assert.That(proxy.Heads, Has.Count.EqualTo(1));
    }

    private static async Task ShowAsync(RawServer proxy, IWebProxy set)
    {
        await using RawServer origin = new(RawServer.Answer(FromOrigin));
        string url = Hosts.AllowedUrl(origin.Port);
        await WithDefaultProxyAsync(set, async () =>
        {
            using PlainClient plain = new();

            Assert.That(await plain.Http.GetStringAsync(url), Is.EqualTo(FromProxy));
            Assert.That(proxy.Heads[0], Does.StartWith($"GET {url}").And.Contain(NaiveHandler.Secret));

            await using GuardedTenant guarded = new();
            Assert.That(await guarded.GetAsync(url), Is.EqualTo(FromOrigin));
        });
        Assert.That(proxy.Heads, Has.Count.EqualTo(1));
    }

    private static async Task WithDefaultProxyAsync(IWebProxy proxy, Func<Task> act)
    {
        IWebProxy before = HttpClient.DefaultProxy;
        try
        {
            HttpClient.DefaultProxy = proxy;
            await act();
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    // As HttpClient.DefaultProxy does when a process first asks for it, which this one may have done before.
    private static IWebProxy ReadEnvironment(string variable, string value)
    {
        _ = HttpClient.DefaultProxy;
        string? before = Environment.GetEnvironmentVariable(variable);
        try
        {
            Environment.SetEnvironmentVariable(variable, value);
            object?[] arguments = [null];
            typeof(HttpClient).Assembly.GetType("System.Net.Http.HttpEnvironmentProxy", throwOnError: true)!
                .GetMethod("TryCreate", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.Invoke(null, arguments);
            return (IWebProxy)arguments[0]!;
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }
}
