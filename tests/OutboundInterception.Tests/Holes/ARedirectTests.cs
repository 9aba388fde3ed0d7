using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Holes;

/// <summary>Redirects: what a socket handler follows, nobody above it sees.</summary>
[CancelAfter(60_000)]
public class ARedirectTests
{
    [TestCase("300 Multiple Choices")]
    [TestCase("301 Moved Permanently")]
    [TestCase("302 Found")]
    [TestCase("303 See Other")]
    [TestCase("307 Temporary Redirect")]
    [TestCase("308 Permanent Redirect")]
    public async Task A1_RedirectBelowTheHandler_EachHopIsDecided(string status)
    {
        await using RawServer inside = new(RawServer.Answer("INTERNAL"));
        await using RawServer outside = new(RawServer.Redirect(Hosts.InternalUrl(inside.Port), status));
        using PlainClient plain = new();

        Assert.That(await plain.Http.GetStringAsync(Hosts.AllowedUrl(outside.Port)), Is.EqualTo("INTERNAL"));
        Assert.That(plain.Naive.Seen, Has.Count.EqualTo(1));

        int before = inside.Connections;
        await using GuardedTenant guarded = new();
        Exception? failure = await guarded.FailAsync(context => context.Http.GetStringAsync(Hosts.AllowedUrl(outside.Port)));

        // 300 names choices: it is handed back, as the Fetch standard has it.
        Assert.That(failure, status.StartsWith("300", StringComparison.Ordinal) ? Is.TypeOf<HttpRequestException>() : Is.TypeOf<OutboundBlockedException>());
        Assert.That(inside.Connections, Is.EqualTo(before));
    }

    [Test]
    public async Task A2_CredentialsAcrossOrigins_StayBehind()
    {
        await using RawServer other = new(RawServer.Ok);
        await using RawServer outside = new(RawServer.Redirect(Hosts.AllowedUrl(other.Port), "307 Temporary Redirect"));
        using PlainClient plain = new();
        using HttpResponseMessage _ = await plain.Http.SendAsync(Request());
        string[] leaked = ["X-Api-Key: of-tenant", "Cookie: a=1", "Proxy-Authorization: Basic x", "Referer: http://allowed.test/?token=1"];

        foreach (string header in leaked)
        {
            Assert.That(other.Heads[0], Does.Contain(header));
        }

        // Also on another port of the same host, with a header that the worker adds to the first hop alone.
        await using GuardedTenant guarded = new() { AddsCredential = false };
        guarded.Meanwhile = request =>
        {
            if (request.RequestUri!.Port == outside.Port)
            {
                request.Headers.Add("X-Worker", NaiveHandler.Secret);
            }

            return Task.CompletedTask;
        };
        await guarded.RunAsync(async context => (await context.Http.SendAsync(Request())).StatusCode);

        foreach (string name in new[] { "X-Api-Key", "Cookie", "Proxy-Authorization", "Referer", "Authorization", "X-Worker", "x_vault_token" })
        {
            Assert.That(other.Heads[1], Does.Not.Contain(name).IgnoreCase);
        }

        HttpRequestMessage Request()
        {
            HttpRequestMessage request = new(HttpMethod.Get, Hosts.AllowedUrl(outside.Port));
            request.Headers.Add("X-Api-Key", "of-tenant");
            request.Headers.Add("Cookie", "a=1");
            request.Headers.Add("Proxy-Authorization", "Basic x");
            request.Headers.Add("Referer", "http://allowed.test/?token=1");
            request.Headers.Add("Authorization", "Bearer of-tenant");
            request.Headers.Add("x_vault_token", "of-tenant");
            return request;
        }
    }

    [Test]
    public async Task A3_CredentialOnTheSameOrigin_WorkerAddsItToEachHop()
    {
        await using RawServer outside = new(static head => head.StartsWith("GET /end", StringComparison.Ordinal) ? RawServer.Ok : RawServer.Redirect("/end"));
        using PlainClient plain = new();
        await plain.Http.GetStringAsync(Hosts.AllowedUrl(outside.Port));

        Assert.That(outside.Heads[0], Does.Contain("Authorization:"));
        Assert.That(outside.Heads[1], Does.Not.Contain("Authorization:"));

        await using GuardedTenant guarded = new();
        await guarded.GetAsync(Hosts.AllowedUrl(outside.Port));

        Assert.That(outside.Heads.Skip(2), Has.Exactly(2).Contains($"Authorization: Bearer {NaiveHandler.Secret}"));
        Assert.That(guarded.Seen, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A4_SchemeChanges_HostIsDecidedAndDowngradeRefused()
    {
        await using RawServer inside = new(RawServer.Ok);
        await using RawServer outside = new(RawServer.Redirect(Hosts.InternalUrl(inside.Port)));
        using PlainClient plain = new();
        await plain.Http.GetStringAsync(Hosts.AllowedUrl(outside.Port));

        Assert.That(inside.Connections, Is.EqualTo(1));

        // The other way round, https to http, .NET refuses by itself; here it is refused even to the same host.
        await using GuardedTenant guarded = new(builder => builder.Route(Hosts.Allowed, $"http://127.0.0.1:{outside.Port}"));
        Exception? blocked = await guarded.FailAsync(context => context.Http.GetStringAsync(Hosts.AllowedUrl(80)));
        await using RawServer down = new(RawServer.Redirect($"http://{Hosts.Allowed}/"));
        await using GuardedTenant downgraded = new(builder => builder.Route(Hosts.Allowed, $"http://127.0.0.1:{down.Port}"));
        Exception? refused = await downgraded.FailAsync(context => context.Http.GetStringAsync($"https://{Hosts.Allowed}/"));

        Assert.That(blocked, Is.TypeOf<OutboundBlockedException>());
        Assert.That(refused, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Redirect));
        Assert.That(inside.Connections, Is.EqualTo(1));
    }

    [TestCase("gopher", true)]
    [TestCase("ftp", true)]
    [TestCase("ldap", true)]
    [TestCase("redis", true)]
    [TestCase("ws", true)]
    [TestCase("javascript", true)]
    [TestCase("file", false)]
    public async Task A5_RedirectToAnotherScheme_NotSent(string scheme, bool isSentByNaive)
    {
        await using RawServer inside = new(RawServer.Ok);
        await using RawServer outside = new(RawServer.Redirect($"{scheme}://{Hosts.Allowed}:{inside.Port}/"));
        using PlainClient plain = new();
        using HttpResponseMessage _ = await plain.Http.GetAsync(Hosts.AllowedUrl(outside.Port));

        Assert.That(inside.Connections, Is.EqualTo(isSentByNaive ? 1 : 0));

        int before = inside.Connections;
        await using GuardedTenant guarded = new();
        Exception? failure = await guarded.FailAsync(context => context.Http.GetAsync(Hosts.AllowedUrl(outside.Port)));

        Assert.That(failure, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Redirect));
        Assert.That(inside.Connections, Is.EqualTo(before));
    }

    [Test]
    public async Task A6_SchemeOtherThanHttp_Refused()
    {
        await using RawServer outside = new(RawServer.Ok);
        using PlainClient plain = new();

        Assert.That(await plain.Http.GetStringAsync($"ws://{Hosts.Allowed}:{outside.Port}/"), Is.EqualTo("ok"), "a WebSocket's URL is plain HTTP to it");

        await using GuardedTenant guarded = new();
        foreach (string scheme in new[] { "ws", "wss", "ftp", "gopher", "httpx" })
        {
            Exception? failure = await guarded.FailAsync(context =>
                context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, new Uri($"{scheme}://{Hosts.Allowed}:{outside.Port}/"))));
            Assert.That(failure, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Scheme), scheme);
        }

        Assert.That(outside.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task A7_RequestUriAfterARedirect_IsStillTheTenantsOwn()
    {
        await using RawServer outside = new(static head => head.StartsWith("GET /end", StringComparison.Ordinal) ? RawServer.Ok : RawServer.Redirect("/end"));
        using PlainClient plain = new();
        HttpRequestMessage request = new(HttpMethod.Get, Hosts.AllowedUrl(outside.Port, "/start"));
        using HttpResponseMessage _ = await plain.Http.SendAsync(request);

        Assert.That(request.RequestUri!.AbsolutePath, Is.EqualTo("/end"), "what is logged afterwards was never decided on");

        await using GuardedTenant guarded = new();
        HttpRequestMessage own = new(HttpMethod.Get, Hosts.AllowedUrl(outside.Port, "/start"));
        await guarded.RunAsync(async context => (await context.Http.SendAsync(own)).StatusCode);

        Assert.That(own.RequestUri!.AbsolutePath, Is.EqualTo("/start"));
        Assert.That(guarded.Records.Select(static record => new Uri(record.Url).AbsolutePath), Is.EqualTo(new[] { "/start", "/end" }));
    }

    [TestCase("//allowed.test@internal.test:{0}/")]
    [TestCase("http://allowed.test@internal.test:{0}/")]
    [TestCase("http:\\\\allowed.test@internal.test:{0}/")]
    public async Task A8_LocationThatReadsLikeTheAllowedHost_DecidedAsItIsDialled(string location)
    {
        await using RawServer inside = new(RawServer.Ok);
        string target = string.Format(System.Globalization.CultureInfo.InvariantCulture, location, inside.Port);
        await using RawServer outside = new(RawServer.Redirect(target));
        using PlainClient plain = new();
        await plain.Http.GetStringAsync(Hosts.AllowedUrl(outside.Port));

        Assert.That(inside.Connections, Is.EqualTo(1));

        await using GuardedTenant guarded = new();
        Exception? failure = await guarded.FailAsync(context => context.Http.GetAsync(Hosts.AllowedUrl(outside.Port)));

        Assert.That(failure, Is.TypeOf<OutboundBlockedException>().With.Property("Host").EqualTo(Hosts.Internal));
        Assert.That(inside.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task A10_RedirectLoop_EachHopCounts()
    {
        await using Origin origin = await Origin.StartAsync(static http =>
        {
            http.Response.Redirect("/again");
            return Task.CompletedTask;
        });
        int port = new Uri(origin.Url).Port;
        using PlainClient plain = new();
        using HttpResponseMessage last = await plain.Http.GetAsync(Hosts.AllowedUrl(port));

        Assert.That(last.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(plain.Naive.Seen, Has.Count.EqualTo(1), "of 51 requests");

        await using GuardedTenant guarded = new();
        Exception? tooMany = await guarded.FailAsync(context => context.Http.GetAsync(Hosts.AllowedUrl(port)));
        int seen = guarded.Seen.Count;
        Exception? limited = await guarded.FailAsync(
            context => context.Http.GetAsync(Hosts.AllowedUrl(port)), limits: new DispatchLimits { Subrequests = 3 });

        Assert.That(tooMany, Is.TypeOf<InvalidSubrequestException>());
        Assert.That(seen, Is.EqualTo(21));
        Assert.That(limited, Is.TypeOf<DispatchLimitException>());
        Assert.That(guarded.Seen, Has.Count.EqualTo(seen + 3));
    }
}
