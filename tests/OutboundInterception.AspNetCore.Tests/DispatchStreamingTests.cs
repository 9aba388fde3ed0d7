using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OutboundInterception.AspNetCore.Tests;

[CancelAfter(30_000)]
public class DispatchStreamingTests
{
    [Test]
    public async Task Response_EventsNotYetWritten_HeadersArriveBefore(CancellationToken cancellationToken)
    {
        Pipe pipe = new();
        await using TenantServer server = await TenantServer.StartAsync((_, _, _) =>
        {
            StreamContent content = new(pipe.Reader.AsStream());
            content.Headers.ContentType = new("text/event-stream");
            return Task.FromResult(new HttpResponseMessage { Content = content });
        });

        using HttpResponseMessage response = await server.GetAsync("/", cancellationToken);

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
        await pipe.Writer.WriteAsync("data: one\n\n"u8.ToArray(), cancellationToken);
        await pipe.Writer.CompleteAsync();
        Assert.That(await response.Content.ReadAsStringAsync(cancellationToken), Is.EqualTo("data: one\n\n"));
    }

    [Test]
    public async Task Response_ContentThatWritesItself_FirstEventArrivesBeforeTheSecondIsWritten(CancellationToken cancellationToken)
    {
        TaskCompletionSource goOn = new();
        await using TenantServer server = await TenantServer.StartAsync((_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new Pushed(goOn.Task) }));
        using HttpResponseMessage response = await server.GetAsync("/", cancellationToken);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(cancellationToken));

        Assert.That(await reader.ReadLineAsync(cancellationToken), Is.EqualTo("one"));
        goOn.SetResult();
        Assert.That(await reader.ReadToEndAsync(cancellationToken), Is.EqualTo("two\n"));
    }

    [Test]
    public async Task Request_BodyBeingWritten_TenantReadsAndAnswersMeanwhile(CancellationToken cancellationToken)
    {
        await using TenantServer server = await TenantServer.StartAsync(async (request, _, token) =>
            new HttpResponseMessage { Content = new StreamContent(await request.Content!.ReadAsStreamAsync(token)) }, protocols: HttpProtocols.Http2);
        TaskCompletionSource goOn = new();
        using HttpRequestMessage request = new(HttpMethod.Post, "/") { Content = new Pushed(goOn.Task), Version = new(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(cancellationToken));

        Assert.That(await reader.ReadLineAsync(cancellationToken), Is.EqualTo("one"));
        goOn.SetResult();
        Assert.That(await reader.ReadToEndAsync(cancellationToken), Is.EqualTo("two\n"));
    }

    [Test]
    public async Task Response_Trailers_ArriveAfterTheBody(CancellationToken cancellationToken)
    {
        await using TenantServer server = await TenantServer.StartAsync(
            (_, _, _) =>
            {
                HttpResponseMessage answer = new() { Content = new StringContent("body") };
                answer.TrailingHeaders.Add("x-cost", "42");
                return Task.FromResult(answer);
            },
            protocols: HttpProtocols.Http2);
        using HttpResponseMessage response = await server.GetAsync("/", cancellationToken);

        Assert.That(await response.Content.ReadAsStringAsync(cancellationToken), Is.EqualTo("body"));
        Assert.That(response.TrailingHeaders.GetValues("x-cost"), Is.EqualTo(new[] { "42" }));
    }

    [Test]
    public async Task Response_TenantFailsAfterItsFirstBytes_ClientSeesThatItBrokeOff(CancellationToken cancellationToken)
    {
        Pipe pipe = new();
        await using TenantServer server = await TenantServer.StartAsync((_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(pipe.Reader.AsStream()) }));
        await pipe.Writer.WriteAsync("one\n"u8.ToArray(), cancellationToken);
        using HttpResponseMessage response = await server.GetAsync("/", cancellationToken);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(cancellationToken));
        Assert.That(await reader.ReadLineAsync(cancellationToken), Is.EqualTo("one"));

        await pipe.Writer.CompleteAsync(new InvalidOperationException("broken"));

        Assert.That(async () => await reader.ReadToEndAsync(cancellationToken), Throws.InstanceOf<IOException>().Or.InstanceOf<HttpRequestException>());
    }

    private sealed class Pushed(Task goOn) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("one\n"u8.ToArray());
            await stream.FlushAsync();
            await goOn;
            await stream.WriteAsync("two\n"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
