namespace OutboundInterception.Tests.Holes;

/// <summary>Cookies: a socket handler keeps them for whoever comes next.</summary>
[CancelAfter(60_000)]
public class BCookieTests
{
    private static readonly string s_setsCookie = RawServer.Answer("ok", "Set-Cookie: sid=of-first; Path=/\r\n");

    [Test]
    public async Task B1_CookieOfOneTenant_IsNotSentForAnother()
    {
        await using RawServer server = new(s_setsCookie);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        await plain.Http.GetStringAsync(url);
        await plain.Other.GetStringAsync(url);

        Assert.That(server.Heads[1], Does.Contain("Cookie: sid=of-first"));

        await using GuardedTenant guarded = new();
        IEnumerable<string> received = await guarded.RunAsync(async context =>
        {
            using HttpResponseMessage response = await context.Http.GetAsync(url);
            return response.Headers.GetValues("Set-Cookie");
        });
        await guarded.GetAsync(url, "other");
        await guarded.GetAsync(url);

        Assert.That(received, Has.Exactly(1).StartsWith("sid="), "the tenant itself gets it");
        Assert.That(server.Heads.Skip(2), Has.None.Contains("Cookie"));
    }

    [Test]
    public async Task B2_CookieOfAContainer_IsNotAddedBelowTheWorker()
    {
        await using RawServer server = new(s_setsCookie);
        string url = Hosts.AllowedUrl(server.Port);
        using PlainClient plain = new();
        bool wasSeen = false;
        plain.Naive.Meanwhile = (request, _) =>
        {
            wasSeen |= request.Headers.Contains("Cookie");
            return Task.CompletedTask;
        };
        await plain.Http.GetStringAsync(url);
        await plain.Http.GetStringAsync(url);

        Assert.That(server.Heads[1], Does.Contain("Cookie:"));
        Assert.That(wasSeen, Is.False);

        await using GuardedTenant guarded = new();
        await guarded.RunAsync(async context =>
        {
            using HttpClient own = new(context.CreateHandler());
            await own.GetStringAsync(url);
            return await own.GetStringAsync(url);
        });

        Assert.That(server.Heads.Skip(2), Has.Exactly(2).Items.And.None.Contains("Cookie"));
    }

    [Test]
    public async Task B3_CookieOfOnePort_IsNotSentToAnother()
    {
        await using RawServer first = new(s_setsCookie);
        await using RawServer second = new(RawServer.Ok);
        using PlainClient plain = new();
        await plain.Http.GetStringAsync(Hosts.AllowedUrl(first.Port));
        await plain.Http.GetStringAsync(Hosts.AllowedUrl(second.Port));

        Assert.That(second.Heads[0], Does.Contain("Cookie: sid=of-first"));

        await using GuardedTenant guarded = new();
        await guarded.GetAsync(Hosts.AllowedUrl(first.Port));
        await guarded.GetAsync(Hosts.AllowedUrl(second.Port));

        Assert.That(second.Heads[1], Does.Not.Contain("Cookie"));
    }
}
