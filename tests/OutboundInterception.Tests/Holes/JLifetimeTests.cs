using System.Net;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Holes;

/// <summary>What a tenant keeps, disposes, sets, or finds by reflection.</summary>
[CancelAfter(60_000)]
public class JLifetimeTests
{
    [Test]
    public async Task J1_ClientKeptAfterTheDispatch_StopsWorking()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        HttpClient kept = plain.Http;
        await kept.GetStringAsync(url);

        Assert.That(server.Heads[0], Does.Contain(NaiveHandler.Secret), "whoever has the client is its tenant, whenever");

        await using GuardedTenant guarded = new();
        (TenantContext context, HttpClient client, HttpMessageInvoker invoker) = await guarded.RunAsync(
            static context => Task.FromResult((context, context.Http, new HttpMessageInvoker(context.CreateHandler()))));
        Exception?[] failures = await guarded.RunAsync(
            async _ =>
            {
                Func<Task>[] uses =
                [
                    () => client.GetStringAsync(url),
                    () => invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, url), default),
                    () => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, url)),
                    () => context.ConnectWebSocketAsync(new Uri(url)),
                    () => Task.FromResult(context.CreateHandler()),
                ];
                return await Task.WhenAll(uses.Select(static async use => await CatchAsync(use)));
            },
            "other");

        Assert.That(failures, Has.All.TypeOf<DispatchEndedException>());
        Assert.That(server.Heads, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task J2_TenantDisposesItsClient_HurtsNobody()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        plain.Http.Dispose();

        Assert.That(() => plain.Other.GetStringAsync(url), Throws.TypeOf<ObjectDisposedException>());

        await using GuardedTenant guarded = new();
        await guarded.RunAsync(async context =>
        {
            HttpMessageHandler handler = context.CreateHandler();
            new HttpClient(handler).Dispose();
            handler.Dispose();
            context.Http.Dispose();
            using HttpResponseMessage still = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, url));
            return still.StatusCode;
        });

        Assert.That(await guarded.GetAsync(url, "other"), Is.EqualTo("ok"));
        Assert.That(await guarded.GetAsync(url), Is.EqualTo("ok"));
    }

    [Test]
    public async Task J3_SettingsOfTheClient_LimitsDoNotDependOnThem()
    {
        await using RawServer server = new(RawServer.Answer(new string('x', 10_000)));
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        plain.Http.MaxResponseContentBufferSize = 1_000;
        Assert.That(() => plain.Http.GetStringAsync(url), Throws.InstanceOf<HttpRequestException>());
        using HttpClient loosened = new(plain.Naive, disposeHandler: false) { MaxResponseContentBufferSize = int.MaxValue, Timeout = Timeout.InfiniteTimeSpan, BaseAddress = new Uri(url) };

        Assert.That(await loosened.GetStringAsync("relative"), Has.Length.EqualTo(10_000));

        await using GuardedTenant guarded = new();
        Exception? failure = await guarded.FailAsync(
            context =>
            {
                context.Http.MaxResponseContentBufferSize = int.MaxValue;
                context.Http.Timeout = Timeout.InfiniteTimeSpan;
                context.Http.BaseAddress = new Uri(url);
                return context.Http.GetStringAsync("relative");
            },
            limits: new DispatchLimits { ResponseBytes = 1_000 });

        Assert.That(failure, Is.TypeOf<DispatchLimitException>().With.Property("Limit").EqualTo(DispatchLimit.ResponseBytes));
        Assert.That(guarded.Seen.Single(), Does.EndWith("/relative"));
    }

    [Test]
    public async Task J4_ReflectionOnTheClient_NoInnerHandlerAndStillTheAddressGuard()
    {
        await using RawServer inside = new(RawServer.Ok);
        using PlainClient plain = new();
        HttpMessageHandler found = (HttpMessageHandler)typeof(HttpMessageInvoker).GetField("_handler", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(plain.Http)!;
        using HttpMessageInvoker beneath = new(((DelegatingHandler)found).InnerHandler!, disposeHandler: false);
        using HttpResponseMessage passed = await beneath.SendAsync(new HttpRequestMessage(HttpMethod.Get, Hosts.InternalUrl(inside.Port)), default);

        Assert.That(passed.StatusCode, Is.EqualTo(HttpStatusCode.OK));

        // As far as it closes: what is one step away is opaque; what is far away still checks addresses. The rest is the verifier's.
        await using GuardedTenant guarded = new(static builder => builder.ConfigureConnections(static options => options.AllowedNetworks.Clear()));
        (bool isDelegating, SocketsHttpHandler? sockets) = await guarded.RunAsync(static context => Task.FromResult((
            context.CreateHandler() is DelegatingHandler,
            ObjectGraph.Fields(context.Http).OfType<SocketsHttpHandler>().FirstOrDefault())));
        using HttpMessageInvoker raw = new(sockets!, disposeHandler: false);
        HttpRequestException refused = (await Assert.ThrowsAsync<HttpRequestException>(
            () => raw.SendAsync(new HttpRequestMessage(HttpMethod.Get, Hosts.InternalUrl(inside.Port)), default)))!;

        Assert.That(isDelegating, Is.False);
        Assert.That(refused.InnerException, Is.TypeOf<AddressBlockedException>());
        Assert.That(inside.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task J6_BodyReadAfterTheDispatch_Ends()
    {
        await using RawServer server = new("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + new string('x', 100_000));
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        using HttpResponseMessage open = await plain.Http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        Stream naive = await open.Content.ReadAsStreamAsync();

        Assert.That(await naive.ReadAsync(new byte[100]), Is.GreaterThan(0), "a body knows of no end but its own");

        await using GuardedTenant guarded = new();
        Task<int>? waiting = null;
        Stream kept = await guarded.RunAsync(async context =>
        {
            using HttpResponseMessage idle = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, url));
            HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, url));
            Stream stream = await response.Content.ReadAsStreamAsync();
            await stream.ReadExactlyAsync(new byte[100_000]);
            waiting = stream.ReadAsync(new byte[1]).AsTask();
            return stream;
        });

        Assert.That(() => waiting, Throws.InstanceOf<OperationCanceledException>(), "a read that waits is ended");
        Assert.That(() => kept.ReadAsync(new byte[1]).AsTask(), Throws.TypeOf<DispatchEndedException>());
        Assert.That(() => kept.Read(new byte[1]), Throws.TypeOf<DispatchEndedException>());
    }

    [Test]
    public async Task J8_SecretsOfThePlatform_OnNoPublicWayFromWhatTheTenantHas()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        using HttpResponseMessage got = await plain.Http.GetAsync(url);

        Assert.That(ObjectGraph.PublicProperties(got).OfType<string>(), Has.Some.Contains(NaiveHandler.Secret));

        // As far as it closes: by public members. By reflection all memory is one.
        await using GuardedTenant guarded = new();
        object[] reachable = await guarded.RunAsync(async context =>
        {
            HttpResponseMessage response = await context.Http.GetAsync(url);
            Exception failure = (await CatchAsync(() => context.Http.GetAsync(Hosts.AllowedUrl(1))))!;
            return ObjectGraph.PublicProperties(context, context.Http, context.CreateHandler(), response, failure).ToArray();
        });

        Assert.That(server.Heads[1], Does.Contain(NaiveHandler.Secret));
        Assert.That(reachable.OfType<string>(), Has.None.Contains(NaiveHandler.Secret));
        Assert.That(reachable, Has.None.InstanceOf<SocketsHttpHandler>());
    }

    private static async Task<Exception?> CatchAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
