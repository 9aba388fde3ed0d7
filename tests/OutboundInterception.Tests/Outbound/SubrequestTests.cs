using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Outbound;

[CancelAfter(60_000)]
public class SubrequestTests
{
    private static readonly OutboundParameter<string> s_customer = new("customer");

    private static HttpResponseMessage Text(string text) => new() { Content = new StringContent(text) };

    private static Task<Origin> EchoAsync() => Origin.StartAsync(async http =>
    {
        using StreamReader reader = new(http.Request.Body);
        string body = await reader.ReadToEndAsync();
        await http.Response.WriteAsync($"{http.Request.Method} {http.Request.Host} {http.Request.Path} auth={http.Request.Headers.Authorization} loop={http.Request.Headers["CDN-Loop"]} body={body}");
    });

    [Test]
    public async Task Http_WorkerAddsACredential_OriginSeesItAndTheTenantDoesNot()
    {
        await using Origin origin = await EchoAsync();
        HttpRequestMessage own = new(HttpMethod.Get, "https://api.example.com/orders");
        HttpResponseMessage? got = null;
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                got = await context.Http.SendAsync(own, token);
                return Text(await got.Content.ReadAsStringAsync(token));
            },
            builder => builder.AddOutboundWorker(
                _ => new DelegateWorker((request, context, token) =>
                {
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "secret-of-" + context.Get(s_customer));
                    return context.SendAsync(request, token);
                }),
                s_customer));

        string text = await platform.GetStringAsync(new DispatchOptions().With(s_customer, "acme"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Is.EqualTo("GET api.example.com /orders auth=Bearer secret-of-acme loop=outbound-interception body="));
            Assert.That(own.Headers.Authorization, Is.Null);
            Assert.That(got!.RequestMessage!.Headers.Authorization, Is.Null);
            Assert.That(got.RequestMessage.RequestUri, Is.EqualTo(new Uri("https://api.example.com/orders")));
            Assert.That(platform.Records.Single().Decision, Is.EqualTo(SubrequestDecision.Sent));
            Assert.That(platform.Records.Single().Status, Is.EqualTo(200));
            Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
        }
    }

    // Of a message that was sent, a tenant may change the method at any time: what it asked for decides.
    [Test]
    public async Task SendAsync_MethodChangedMeanwhile_BodyIsThatOfTheMethodThatWasSent()
    {
        TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Platform platform = Platform.Create(builder => builder
            .AddOutboundWorker(_ => new DelegateWorker(async (_, _, token) =>
            {
                await changed.Task.WaitAsync(token);
                return Text("a body");
            }))
            .AddTenant("tenant", async (_, context, token) =>
            {
                using HttpRequestMessage head = new(HttpMethod.Head, "https://api.example.com/");
                using HttpRequestMessage get = new(HttpMethod.Get, "https://api.example.com/");
                Task<HttpResponseMessage>[] sent = [context.FetchAsync(head, token), context.FetchAsync(get, token)];
                (head.Method, get.Method) = (HttpMethod.Get, HttpMethod.Head);
                changed.SetResult();
                using HttpResponseMessage ofHead = await sent[0];
                using HttpResponseMessage ofGet = await sent[1];
                return Text($"{await ofHead.Content.ReadAsStringAsync(token)}|{await ofGet.Content.ReadAsStringAsync(token)}");
            }));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("|a body"));
    }

    [Test]
    public async Task Send_Synchronous_GoesThroughTheWorker()
    {
        await using Origin origin = await EchoAsync();
        int seen = 0;
        await using Platform platform = Platform.Create(
            origin,
            (_, context, _) =>
            {
                using HttpResponseMessage response = context.Http.Send(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/sync"), CancellationToken.None);
                using StreamReader reader = new(response.Content.ReadAsStream(CancellationToken.None));
                return Task.FromResult(Text(reader.ReadToEnd()));
            },
            builder => builder.AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
            {
                seen++;
                return context.SendAsync(request, token);
            })));

        Assert.That(await platform.GetStringAsync(), Does.StartWith("GET api.example.com /sync"));
        Assert.That(seen, Is.EqualTo(1));
    }

    [Test]
    public async Task Http_PolicyDeniesTheHost_NothingIsSent()
    {
        await using Origin origin = await EchoAsync();
        OutboundBlockedException? caught = null;
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                caught = await Assert.ThrowsAsync<OutboundBlockedException>(() => context.Http.GetAsync("https://other.example.com/", token));
                return Text("done");
            },
            builder => builder.ConfigurePolicy(policy => policy.AllowHosts("api.example.com")));

        await platform.GetStringAsync();

        Assert.That(caught!.Host, Is.EqualTo("other.example.com"));
        Assert.That(platform.Records.Single().Decision, Is.EqualTo(SubrequestDecision.Blocked));
    }

    [Test]
    public async Task Http_AddressIsNotPublic_Blocked()
    {
        await using Origin origin = await EchoAsync();
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                await Assert.ThrowsAsync<OutboundBlockedException>(() => context.Http.GetAsync("http://127.0.0.1/", token));
                return Text("done");
            });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("done"));
        Assert.That(platform.Records.Single().RuleId, Is.EqualTo("address-guard"));
    }

    [Test]
    public async Task Http_WorkerThrows_TenantLearnsNothingOfTheText()
    {
        await using Origin origin = await EchoAsync();
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                OutboundException caught = (await Assert.ThrowsAsync<OutboundException>(() => context.Http.GetAsync("https://api.example.com/", token)))!;
                return Text(caught.ToString());
            },
            builder => builder.AddOutboundWorker(_ => new DelegateWorker((_, _, _) => throw new InvalidOperationException("secret text"))));

        Assert.That(await platform.GetStringAsync(), Does.Not.Contain("secret text"));
        Assert.That(platform.Records.Single().Decision, Is.EqualTo(SubrequestDecision.Failed));
    }

    [Test]
    public async Task Http_Redirect_EachHopPassesTheWorkerAndCredentialsStayBehind()
    {
        await using Origin origin = await Origin.StartAsync(async http =>
        {
            if (http.Request.Path == "/start")
            {
                http.Response.Redirect("https://other.example.com/end");
                return;
            }

            await http.Response.WriteAsync($"{http.Request.Host} auth={http.Request.Headers.Authorization} key={http.Request.Headers["X-Injected"]}");
        });
        List<string> seen = [];
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/start");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "own");
                using HttpResponseMessage response = await context.Http.SendAsync(request, token);
                return Text($"{response.RequestMessage!.RequestUri} {await response.Content.ReadAsStringAsync(token)}");
            },
            builder => builder.AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
            {
                seen.Add($"{context.Hop} {request.RequestUri}");
                if (context.Hop == 0)
                {
                    request.Headers.Add("X-Injected", "1");
                }

                return context.SendAsync(request, token);
            })));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("https://other.example.com/end other.example.com auth= key="));
        Assert.That(seen, Is.EqualTo(new[] { "0 https://api.example.com/start", "1 https://other.example.com/end" }));
    }

    [Test]
    public async Task Http_WorkerReadsTheBodyAndPassesItOn_OriginGetsTheSameBytes()
    {
        await using Origin origin = await EchoAsync();
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                using HttpResponseMessage response = await context.Http.PostAsync("https://api.example.com/", new StringContent("payload"), token);
                return Text(await response.Content.ReadAsStringAsync(token));
            },
            builder => builder.AddOutboundWorker(_ => new DelegateWorker(async (request, context, token) =>
            {
                using StreamReader reader = new(await request.Content!.ReadAsStreamAsync(token));
                Assert.That(await reader.ReadToEndAsync(token), Is.EqualTo("payload"));
                return await context.SendAsync(request, token);
            })));

        Assert.That(await platform.GetStringAsync(), Does.EndWith("body=payload"));
    }

    [TestCase("/relative", SubrequestProblem.Url)]
    [TestCase("ftp://api.example.com/", SubrequestProblem.Scheme)]
    [TestCase("file:///etc/passwd", SubrequestProblem.Scheme)]
    [TestCase("https://user:pw@api.example.com/", SubrequestProblem.UserInfo)]
    [TestCase("https://api.example.com:8443/", SubrequestProblem.Port)]
    public async Task FetchAsync_UrlMayNotBeFetched_SaysSo(string url, SubrequestProblem problem)
    {
        await using Origin origin = await EchoAsync();
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            InvalidSubrequestException caught = (await Assert.ThrowsAsync<InvalidSubrequestException>(
                () => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(url, UriKind.RelativeOrAbsolute)), token)))!;
            return Text(caught.Problem.ToString());
        });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo(problem.ToString()));
        Assert.That(await platform.GetStringAsync(), Is.EqualTo(problem.ToString()), "the next dispatch works");
    }

    [Test]
    public async Task FetchAsync_HeaderHasALineBreak_Refused()
    {
        await using Origin origin = await EchoAsync();
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
            request.Headers.TryAddWithoutValidation("X-T", "a\r\nX-Injected: 1");
            InvalidSubrequestException caught = (await Assert.ThrowsAsync<InvalidSubrequestException>(() => context.FetchAsync(request, token)))!;
            return Text(caught.Problem.ToString());
        });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("Header"));
    }

    [Test]
    public async Task ConnectWebSocketAsync_WorkerSeesTheHandshake_EchoComesBack([Values(1, 2)] int version)
    {
        await using Origin origin = await Origin.StartAsync(
            async http =>
            {
                using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
                byte[] buffer = new byte[100];
                WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, default);
                await socket.SendAsync(Encoding.UTF8.GetBytes($"{http.Request.Headers["X-Added"]}:{Encoding.UTF8.GetString(buffer, 0, received.Count)}"), WebSocketMessageType.Text, true, default);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
            },
            version == 1 ? Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1 : Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2);
        string? seen = null;
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                using WebSocket socket = await context.ConnectWebSocketAsync(
                    new Uri("wss://api.example.com/chat"),
                    new WebSocketConnectOptions { HttpVersion = new Version(version, version == 1 ? 1 : 0), HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact },
                    token);
                await socket.SendAsync(Encoding.UTF8.GetBytes("hi"), WebSocketMessageType.Text, true, token);
                byte[] buffer = new byte[100];
                WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, token);
                return Text(Encoding.UTF8.GetString(buffer, 0, received.Count));
            },
            builder => builder.AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
            {
                seen = $"{request.Method} {request.RequestUri} {request.Headers.GetValues("Upgrade").Single()}";
                request.Headers.Add("X-Added", "worker");
                return context.SendAsync(request, token);
            })));

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("worker:hi"));
        Assert.That(seen, Is.EqualTo("GET https://api.example.com/chat websocket"));
    }

    [Test]
    public async Task Http_UsedAfterTheDispatch_Throws()
    {
        await using Origin origin = await EchoAsync();
        HttpClient? kept = null;
        await using Platform platform = Platform.Create(origin, (_, context, _) =>
        {
            kept = context.Http;
            return Task.FromResult(Text("done"));
        });

        await platform.GetStringAsync();

        await Assert.ThrowsAsync<DispatchEndedException>(() => kept!.GetAsync("https://api.example.com/"));
    }

    [Test]
    public async Task Http_OriginRefusesTheConnection_OutboundExceptionWithoutTheAddress()
    {
        await using Origin origin = await EchoAsync();
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                OutboundException caught = (await Assert.ThrowsAsync<OutboundException>(() => context.Http.GetAsync("https://closed.example.com/", token)))!;
                return Text(caught.ToString());
            },
            builder => builder.Route("closed.example.com", "http://127.0.0.1:1"));

        Assert.That(await platform.GetStringAsync(), Does.Not.Contain("127.0.0.1").And.Contain("could not be reached"));
    }
}
