using System.Net;
using System.Net.Http.Headers;

namespace OutboundInterception.Tests.Holes;

/// <summary>Headers: what they add to a request that nobody decided on.</summary>
[CancelAfter(60_000)]
public class HHeaderTests
{
    private static readonly string[] s_hopByHop =
    [
        "Connection: close, X-Named", "X-Named: 1", "Keep-Alive: timeout=999", "Proxy-Connection: keep-alive", "Proxy-Authorization: Basic x",
        "TE: trailers, gzip", "Trailer: X", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA", "X-Forwarded-For: 127.0.0.1",
        "X-HTTP-Method-Override: DELETE", "X-Original-URL: /admin", "Forwarded: for=127.0.0.1", "X-Forwarded-User: admin",
        "X_Forwarded_For: 127.0.0.1", "X_HTTP_Method_Override: DELETE", "Transfer_Encoding: chunked", "traceparent: 00-1-1-00",
    ];

    [TestCase("a\r\nX-Injected: 1")]
    [TestCase("a\nX-Injected: 1")]
    [TestCase("a\rX-Injected: 1")]
    [TestCase("a\r\n X-Injected: 1")]
    [TestCase("a\0b")]
    [TestCase("a\u007fb")]
    public async Task H1_LineBreakInAValue_Refused(string value)
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        HttpRequestMessage own = Request(static (request, value) => request.Headers.TryAddWithoutValidation("X-T", value));
        await plain.Http.SendAsync(own);

        Assert.That(server.Heads[0], Does.Contain($"X-T: {value}\r\n"));

        await using GuardedTenant guarded = new();
        Action<HttpRequestMessage, string>[] ways =
        [
            static (request, value) => request.Headers.TryAddWithoutValidation("X-T", value),
            static (request, value) => request.Headers.TryAddWithoutValidation("User-Agent", value),
            static (request, value) => request.Headers.TryAddWithoutValidation("Authorization", value),
            static (request, value) => request.Headers.TryAddWithoutValidation("X-T", ["fine", value]),
            static (request, value) => (request.Content = new StringContent("x")).Headers.TryAddWithoutValidation("X-Content", value),
            static (request, value) =>
            {
                request.Content = new StringContent("x");
                request.Content.Headers.Remove("Content-Type");
                request.Content.Headers.TryAddWithoutValidation("Content-Type", value);
            },
        ];
        foreach (Action<HttpRequestMessage, string> way in ways)
        {
            Exception? failure = await guarded.FailAsync(context => context.Http.SendAsync(Request(way)));
            Assert.That(failure, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Header));
        }

        Exception? handshake = await guarded.FailAsync(context => context.ConnectWebSocketAsync(
            new Uri(url.Replace("http:", "ws:", StringComparison.Ordinal)), new WebSocketConnectOptions { Headers = { ["X-T"] = value } }));
        Assert.That(handshake, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Header));
        Assert.That(server.Heads, Has.Count.EqualTo(1));

        HttpRequestMessage Request(Action<HttpRequestMessage, string> way)
        {
            HttpRequestMessage request = new(HttpMethod.Post, url);
            way(request, value);
            return request;
        }
    }

    [TestCase("xchunked", "5")]
    [TestCase("cHuNkEd", "5, 0")]
    [TestCase("chunked, identity", null)]
    public async Task H4_FramingOfTheTenant_IsComputed(string encoding, string? length)
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        await plain.Http.SendAsync(Request());

        Assert.That(server.Heads[0], Does.Contain($"Transfer-Encoding: {encoding}"));

        await using GuardedTenant guarded = new();
        await guarded.RunAsync(async context => (await context.Http.SendAsync(Request())).StatusCode);

        string sent = server.Heads.Last(static head => head.Contains("POST"));
        Assert.That(sent, Does.Not.Contain("Transfer-Encoding").And.Contain("Content-Length: 5\r\n"));

        HttpRequestMessage Request()
        {
            HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ByteArrayContent("hello"u8.ToArray()) };
            request.Headers.TryAddWithoutValidation("Transfer-Encoding", encoding);
            if (length is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Length", length);
            }

            return request;
        }
    }

    [Test]
    public async Task H5_HopByHopAndForwardingHeaders_NotSent()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        await plain.Http.SendAsync(Request(isUpgrade: true));

        foreach (string header in s_hopByHop)
        {
            Assert.That(server.Heads[0], Does.Contain(header));
        }

        await using GuardedTenant guarded = new();
        await guarded.RunAsync(async context => (await context.Http.SendAsync(Request(isUpgrade: false))).StatusCode);
        Exception? upgrade = await guarded.FailAsync(context => context.Http.SendAsync(Request(isUpgrade: true)));

        // What an HTTP/1.1 connection says of itself is ours; trailers are taken, as gRPC wants them.
        Assert.That(Names(server.Heads[1]), Is.EquivalentTo(new[] { "Host", "TE", "Authorization", "CDN-Loop" }));
        Assert.That(server.Heads[1], Does.Contain("TE: trailers\r\n"));
        Assert.That(upgrade, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Upgrade));
        Assert.That(server.Heads, Has.Count.EqualTo(2));

        HttpRequestMessage Request(bool isUpgrade)
        {
            HttpRequestMessage request = new(HttpMethod.Get, url);
            foreach (string header in s_hopByHop.Where(header => isUpgrade || !header.StartsWith("Upgrade", StringComparison.Ordinal)))
            {
                string[] parts = header.Split(": ");
                request.Headers.TryAddWithoutValidation(parts[0], parts[1]);
            }

            return request;
        }
    }

    [TestCase("X-Api-Key", "X-Api-Key")]
    [TestCase("x-api-key", "X-Api-Key")]
    [TestCase("X_Api_Key", "X-Api-Key")]
    [TestCase("Authorization", "Authorization")]
    public async Task H6_HeaderThatTheTenantSetBefore_WorkersPrevails(string tenants, string workers)
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new(addsCredential: false);
        plain.Naive.Meanwhile = (request, _) => Add(request);
        await plain.Http.SendAsync(Request());

        Assert.That(server.Heads[0], Does.Contain("of-tenant").And.Contain("of-worker"));

        await using GuardedTenant guarded = new() { AddsCredential = false, Meanwhile = Add };
        await guarded.RunAsync(async context => (await context.Http.SendAsync(Request())).StatusCode);
        await guarded.FailAsync(context => context.ConnectWebSocketAsync(new Uri(url), new WebSocketConnectOptions { Headers = { [tenants] = "of-tenant" } }));

        Assert.That(server.Heads, Has.Count.EqualTo(3));
        Assert.That(server.Heads.Skip(1), Has.All.Contains("of-worker").And.None.Contains("of-tenant"));

        Task Add(HttpRequestMessage request)
        {
            request.Headers.TryAddWithoutValidation(workers, "of-worker");
            return Task.CompletedTask;
        }

        HttpRequestMessage Request()
        {
            HttpRequestMessage request = new(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation(tenants, "of-tenant");
            return request;
        }
    }

    [Test]
    public async Task H6_ListThatAWorkerAddsTo_StaysWhole()
    {
        await using RawServer server = new(RawServer.Ok);
        await using GuardedTenant guarded = new()
        {
            Meanwhile = static request =>
            {
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain"));
                return Task.CompletedTask;
            },
        };
        await guarded.RunAsync(async context =>
        {
            HttpRequestMessage request = new(HttpMethod.Get, Hosts.AllowedUrl(server.Port));
            request.Headers.Add("Accept", "text/html");
            request.Headers.Add("X-Many", ["1", "2"]);
            return (await context.Http.SendAsync(request)).StatusCode;
        });

        Assert.That(server.Heads.Single(), Does.Contain("Accept: text/html, text/plain").And.Contain("X-Many: 1, 2"));
    }

    [Test]
    public async Task H7_DefaultRequestHeaders_AreCleanedToo()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        await PostAsync(plain.Http);

        Assert.That(server.Heads[0], Does.Contain($"Host: {Hosts.Internal}").And.Contain("Transfer-Encoding: xchunked"));

        await using GuardedTenant guarded = new();
        await guarded.RunAsync(async context =>
        {
            using HttpClient own = new(context.CreateHandler());
            return await PostAsync(own) == await PostAsync(context.Http);
        });

        Assert.That(server.Heads.Skip(1), Has.Exactly(2).Items.And.None.Contains(Hosts.Internal).And.None.Contains("xchunked"));

        async Task<HttpStatusCode> PostAsync(HttpClient client)
        {
            client.DefaultRequestHeaders.Host = Hosts.Internal;
            client.DefaultRequestHeaders.TryAddWithoutValidation("Transfer-Encoding", "xchunked");
            using HttpResponseMessage response = await client.PostAsync(url, new ByteArrayContent([]));
            return response.StatusCode;
        }
    }

    private static IEnumerable<string> Names(string head) =>
        head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static line => line.Split(':')[0]);
}
