using System.Net;
using Microsoft.AspNetCore.Http;

namespace OutboundInterception.Tests.Holes;

/// <summary>The tenant's own objects: they change, lie and hold what others put into them.</summary>
[CancelAfter(60_000)]
public class FRequestTests
{
    private static readonly HttpRequestOptionsKey<string> s_tenant = new("egress.tenant");

    private static Task<Origin> EchoAsync() => Origin.StartAsync(static async http =>
    {
        using StreamReader reader = new(http.Request.Body);
        await http.Response.WriteAsync($"{http.Request.Method} {http.Request.Host.Host} {http.Request.Path} late={http.Request.Headers["X-Late"]} {await reader.ReadToEndAsync()}");
    });

    [Test]
    public async Task F1_RequestChangesWhileItIsDecidedOn_WhatWasDecidedOnIsSent()
    {
        await using Origin origin = await EchoAsync();
        int port = new Uri(origin.Url).Port;
        HttpRequestMessage request = Request();
        using PlainClient plain = new();
        plain.Naive.Meanwhile = (_, _) => Change(request);
        using HttpResponseMessage changed = await plain.Http.SendAsync(request);

        Assert.That(await changed.Content.ReadAsStringAsync(), Is.EqualTo($"DELETE {Hosts.Internal} /pwn late=1 EVIL"));

        await using GuardedTenant guarded = new();
        foreach (bool isFastLane in new[] { false, true })
        {
            HttpRequestMessage own = Request();
            guarded.Meanwhile = _ => Change(own);
            string answer = await guarded.RunAsync(async context =>
            {
                using HttpResponseMessage response = isFastLane ? await context.FetchAsync(own) : await context.Http.SendAsync(own);
                return await response.Content.ReadAsStringAsync();
            });

            Assert.That(answer, Is.EqualTo($"POST {Hosts.Allowed} /good late= GOOD"));
        }

        HttpRequestMessage Request() => new(HttpMethod.Post, Hosts.AllowedUrl(port, "/good")) { Content = new StringContent("GOOD") };

        Task Change(HttpRequestMessage message)
        {
            message.RequestUri = new Uri(Hosts.InternalUrl(port, "/pwn"));
            message.Method = HttpMethod.Delete;
            message.Headers.Add("X-Late", "1");
            message.Content = new StringContent("EVIL");
            return Task.CompletedTask;
        }
    }

    [Test]
    public async Task F2_ContentThatSaysOneThingAndSendsAnother_SendsWhatTheWorkerRead()
    {
        await using Origin origin = await EchoAsync();
        string url = Hosts.AllowedUrl(new Uri(origin.Url).Port);
        string? read = null;
        using PlainClient plain = new();
        plain.Naive.Meanwhile = async (request, token) => read = await ReadAsync(request.Content!, token);
        using HttpResponseMessage sent = await plain.Http.PostAsync(url, new TwoFacedContent());

        Assert.That(read, Is.EqualTo("GOOD"));
        Assert.That(await sent.Content.ReadAsStringAsync(), Does.EndWith("EVIL"));

        await using GuardedTenant guarded = new();
        guarded.Meanwhile = async request => read = await ReadAsync(request.Content!, default);
        string answer = await guarded.RunAsync(async context =>
        {
            using HttpResponseMessage response = await context.Http.PostAsync(url, new TwoFacedContent());
            return await response.Content.ReadAsStringAsync();
        });

        Assert.That(answer, Does.EndWith(read!));
    }

    [Test]
    public async Task F3_ContentAtTheConnection_GetsNoStreamOfIt()
    {
        await using Origin origin = await EchoAsync();
        string url = Hosts.AllowedUrl(new Uri(origin.Url).Port);
        SpyingContent spy = new();
        using PlainClient plain = new();
        using HttpResponseMessage _ = await plain.Http.PostAsync(url, spy);

        Assert.That(spy.Stream!.GetType().FullName, Does.StartWith("System.Net.Http.HttpConnection"));

        await using GuardedTenant guarded = new();
        await guarded.RunAsync(async context => (await context.Http.PostAsync(url, spy)).StatusCode);

        Assert.That(spy.Stream!.GetType().Assembly, Is.EqualTo(typeof(DispatchNamespace).Assembly));
        Assert.That(() => spy.Stream.WriteAsync(new byte[1]).AsTask(), Throws.TypeOf<ObjectDisposedException>(), "it is over with the body");
    }

    [Test]
    public async Task F4_CredentialThatAWorkerAdds_InNoObjectOfTheTenant()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        HttpRequestMessage request = new(HttpMethod.Get, url);
        using HttpResponseMessage got = await plain.Http.SendAsync(request);
        HttpRequestMessage failing = new(HttpMethod.Get, Hosts.AllowedUrl(1));
        Assert.That(() => plain.Http.SendAsync(failing), Throws.InstanceOf<HttpRequestException>());

        Assert.That(got.RequestMessage!.Headers.Authorization!.Parameter, Is.EqualTo(NaiveHandler.Secret));
        Assert.That(failing.Headers.Authorization!.Parameter, Is.EqualTo(NaiveHandler.Secret));

        await using GuardedTenant guarded = new();
        HttpRequestMessage own = new(HttpMethod.Get, url);
        HttpResponseMessage response = await guarded.RunAsync(context => context.Http.SendAsync(own));
        HttpRequestMessage ownFailing = new(HttpMethod.Get, Hosts.AllowedUrl(1));
        Exception? failure = await guarded.FailAsync(context => context.FetchAsync(ownFailing));

        Assert.That(server.Heads[1], Does.Contain(NaiveHandler.Secret));
        Assert.That(response.RequestMessage, Is.SameAs(own));
        Assert.That(own.Headers, Is.Empty);
        Assert.That(ownFailing.Headers, Is.Empty);
        Assert.That(failure!.ToString(), Does.Not.Contain(NaiveHandler.Secret));
    }

    [Test]
    public async Task F5_OptionsOfTheTenant_CarryNoIdentityAndGoNowhere()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        OptionsReader reader = new(PlainClient.ConnectAsync);
        using HttpClient plain = new(new Marking(reader));
        HttpRequestMessage request = new(HttpMethod.Get, url);
        reader.Before = () => request.Options.Set(s_tenant, "forged");
        await plain.SendAsync(request);

        Assert.That(reader.Tenant, Is.EqualTo("forged"));

        await using GuardedTenant guarded = new();
        bool hasOptions = true;
        guarded.Meanwhile = message =>
        {
            hasOptions = message.Options.Any();
            return Task.CompletedTask;
        };
        HttpRequestMessage own = new(HttpMethod.Get, url);
        own.Options.Set(s_tenant, "forged");
        await guarded.RunAsync(async context => (await context.Http.SendAsync(own)).StatusCode);

        Assert.That(hasOptions, Is.False);
        Assert.That(own.Options.Count(), Is.EqualTo(1), "nor is anything added to the tenant's");
        Assert.That(guarded.Records.Single().Tenant, Is.EqualTo("tenant"));
    }

    [Test]
    public async Task F6_StolenExecutionContext_ChangesNobodysIdentity()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        AsyncLocal<string?> ambient = new();
        using PlainClient plain = new();
        plain.Naive.Meanwhile = (request, _) =>
        {
            request.Headers.Add("X-Tenant", ambient.Value ?? "nobody");
            return Task.CompletedTask;
        };
        ambient.Value = "first";
        ExecutionContext stolen = ExecutionContext.Capture()!;
        ambient.Value = "second";
        Task<string>? asFirst = null;
        ExecutionContext.Run(stolen, _ => asFirst = plain.Http.GetStringAsync(url), null);
        await asFirst!;
        using (ExecutionContext.SuppressFlow())
        {
            asFirst = Task.Run(() => plain.Http.GetStringAsync(url));
        }

        await asFirst;

        Assert.That(server.Heads[0], Does.Contain("X-Tenant: first"), "whoever runs in a stolen context is its owner to an AsyncLocal");
        Assert.That(server.Heads[1], Does.Contain("X-Tenant: nobody"), "and who lets none flow is nobody");

        await using GuardedTenant guarded = new();
        ExecutionContext? ofTenant = null;
        await guarded.RunAsync(async context =>
        {
            ofTenant = ExecutionContext.Capture();
            return await context.Http.GetStringAsync(url);
        });
        await guarded.RunAsync(
            async context =>
            {
                Task<string>? sent = null;
                ExecutionContext.Run(ofTenant!, _ => sent = context.Http.GetStringAsync(url), null);
                await sent!;
                using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
                sent = context.Http.GetStringAsync(url);
                flow.Undo();
                return await sent;
            },
            "other");

        Assert.That(guarded.Records.Select(static record => record.Tenant), Is.EqualTo(new[] { "tenant", "other", "other" }));
    }

    [TestCase("TRACE")]
    [TestCase("track")]
    [TestCase("PRI")]
    [TestCase("DEBUG")]
    [TestCase("FOO")]
    public async Task F8_MethodThatNobodyNeeds_Refused(string method)
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        await plain.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), url));

        Assert.That(server.Heads[0], Does.StartWith($"{method} / HTTP/1.1"));

        await using GuardedTenant guarded = new();
        Exception? failure = await guarded.FailAsync(context => context.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), url)));
        await guarded.RunAsync(async context => (await context.Http.SendAsync(new HttpRequestMessage(new HttpMethod("propfind"), url))).StatusCode);

        Assert.That(failure, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Method));
        Assert.That(server.Heads.Skip(1).Single(), Does.StartWith("PROPFIND / "), "however it is spelled, a rule sees what is sent");
    }

    [Test]
    public async Task F9_SynchronousSend_PassesTheWorker()
    {
        await using RawServer server = new(RawServer.Ok);
        using PlainClient plain = new();
        using HttpResponseMessage _ = plain.Http.Send(new HttpRequestMessage(HttpMethod.Get, Hosts.InternalUrl(server.Port)), CancellationToken.None);

        Assert.That(plain.Naive.Seen, Is.Empty);
        Assert.That(server.Heads, Has.Count.EqualTo(1));

        await using GuardedTenant guarded = new();
        Exception? blocked = await guarded.FailAsync(context =>
            Task.FromResult(context.Http.Send(new HttpRequestMessage(HttpMethod.Get, Hosts.InternalUrl(server.Port)), CancellationToken.None)));
        HttpStatusCode allowed = await guarded.RunAsync(context =>
        {
            using HttpMessageInvoker invoker = new(context.CreateHandler());
            return Task.FromResult(invoker.Send(new HttpRequestMessage(HttpMethod.Get, Hosts.AllowedUrl(server.Port)), CancellationToken.None).StatusCode);
        });

        Assert.That(blocked, Is.TypeOf<OutboundBlockedException>());
        Assert.That(allowed, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(guarded.Seen, Has.Count.EqualTo(1));
        Assert.That(server.Heads, Has.Count.EqualTo(2));
    }

    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(await content.ReadAsStreamAsync(cancellationToken));
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private sealed class TwoFacedContent : HttpContent
    {
        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new MemoryStream("GOOD"u8.ToArray()));

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync("EVIL"u8.ToArray()).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 4;
            return true;
        }
    }

    private sealed class SpyingContent : HttpContent
    {
        public Stream? Stream { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            Stream = stream;
            return stream.WriteAsync("x"u8.ToArray()).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 1;
            return true;
        }
    }

    private sealed class Marking(OptionsReader reader) : DelegatingHandler(reader)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Options.Set(s_tenant, "real");
            reader.Before?.Invoke();
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class OptionsReader(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect)
        : DelegatingHandler(new SocketsHttpHandler { ConnectCallback = connect })
    {
        public Action? Before { get; set; }

        public string? Tenant { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Tenant = request.Options.TryGetValue(s_tenant, out string? tenant) ? tenant : null;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
