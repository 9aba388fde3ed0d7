using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace OutboundInterception.Benchmarks.Tests;

/// <summary>Gateways that are compared do the same.</summary>
[CancelAfter(60_000)]
public sealed class GatewayTests
{
    [Test]
    public async Task Gateway_Load_ReachesTheOriginWithAllItsHeaders([Values("plain", "yarp", "chain")] string kind)
    {
        List<string> seen = [];
        long body = 0;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using WebApplication origin = builder.Build();
        origin.Run(async http =>
        {
            seen.AddRange(http.Request.Headers.Keys);
            using MemoryStream sent = new();
            await http.Request.Body.CopyToAsync(sent);
            body = sent.Length;
            await http.Response.Body.WriteAsync(new byte[1024]);
        });
        await origin.StartAsync();
        await using ChildProcess gateway = await ChildProcess.ServeAsync(kind, origin.Urls.First());
        using GatewayClient client = new(gateway.Url);

        await client.SendAsync();

        Assert.That(GatewayClient.HeaderNames, Has.Count.EqualTo(20).And.Unique);
        Assert.That(GatewayClient.HeaderNames.Except(seen, StringComparer.OrdinalIgnoreCase), Is.Empty);
        Assert.That(body, Is.EqualTo(1024));
    }
}
