using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Holes;

/// <summary>All of it at once: a setting that closes one hole may open another.</summary>
[CancelAfter(60_000)]
public class ZEverythingTests
{
    [Test]
    public async Task Z1_WholeTurnOfATenant_OnlyWhatTheWorkerSawIsOnTheWire()
    {
        await using RawServer inside = new(RawServer.Answer("INTERNAL"));
        await using RawServer outside = new(head => head.Split(' ')[1] switch
        {
            "/redirect" => RawServer.Redirect(Hosts.InternalUrl(inside.Port), "307 Temporary Redirect"),
            "/gopher" => RawServer.Redirect($"gopher://{Hosts.Allowed}:{inside.Port}/"),
            "/loop" => RawServer.Redirect("/loop"),
            "/upgrade" => "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            _ => RawServer.Answer("ok", "Set-Cookie: a=1\r\nAlt-Svc: h3=\":443\"\r\n"),
        });
        Uri raw = new(
            Hosts.AllowedUrl(outside.Port, "/a HTTP/1.1\r\nHost: x\r\n\r\nGET /hidden"),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using PlainClient plain = new();
        await plain.Http.GetStringAsync(Hosts.AllowedUrl(outside.Port, "/redirect"));
        await plain.Http.GetStringAsync(raw);

        Assert.That(inside.Connections, Is.EqualTo(1));
        Assert.That(outside.Received(3), Is.True, "of two");

        await using GuardedTenant guarded = new(static builder => builder.ConfigurePolicy(static policy => policy.Deny(static rule => rule.Hosts(Hosts.Allowed).PathPrefixes("/denied"))));
        Func<TenantContext, Task>[] attacks =
        [
            context => context.Http.GetStringAsync(Hosts.AllowedUrl(outside.Port)),
            context => context.Http.GetStringAsync(Hosts.AllowedUrl(outside.Port, "/redirect")),
            context => context.Http.PostAsync(Hosts.AllowedUrl(outside.Port, "/gopher"), new ByteArrayContent([])),
            context => context.Http.GetStringAsync(Hosts.AllowedUrl(outside.Port, "/loop")),
            context => context.Http.GetStringAsync(Hosts.AllowedUrl(outside.Port, "/upgrade")),
            context => context.Http.GetStringAsync(Hosts.AllowedUrl(outside.Port, "/%64enied")),
            context => context.Http.GetStringAsync(Hosts.InternalUrl(inside.Port)),
            context => context.Http.GetStringAsync(raw),
            context => context.ConnectWebSocketAsync(new Uri(Hosts.AllowedUrl(outside.Port))),
            context => Task.FromResult(context.Http.Send(new HttpRequestMessage(HttpMethod.Get, Hosts.AllowedUrl(outside.Port)) { Headers = { Host = Hosts.Internal } }, default)),
            context => context.FetchAsync(new HttpRequestMessage(HttpMethod.Connect, Hosts.AllowedUrl(outside.Port))),
            context => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, Hosts.AllowedUrl(outside.Port)) { Version = HttpVersion.Version30 }),
        ];
        foreach (Func<TenantContext, Task> attack in attacks)
        {
            await guarded.FailAsync(attack);
        }

        string[] sent = [.. outside.Heads.Skip(3).Select(head => $"{head.Split(' ')[0]} {Hosts.AllowedUrl(outside.Port, head.Split(' ')[1])}")];
        Assert.That(sent, Is.EqualTo(guarded.Seen));
        Assert.That(outside.Heads.Skip(3), Has.All.Contains($"\r\nHost: {Hosts.Allowed}:{outside.Port}\r\n").And.None.Contains("Cookie").And.None.StartsWith("GET /hidden"));
        Assert.That(sent, Has.None.Contains("enied"));
        Assert.That(inside.Connections, Is.EqualTo(1));
        Assert.That(
            guarded.Records.Where(static record => record.Decision == SubrequestDecision.Sent).Select(static record => new Uri(record.Url).AbsolutePath),
            Is.EqualTo(guarded.Seen.Select(static seen => new Uri(seen.Split(' ')[1]).AbsolutePath)));
    }
}
