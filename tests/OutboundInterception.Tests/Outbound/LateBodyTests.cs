using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Outbound;

/// <summary>A body that goes on once its request has been answered in full, which only HTTP/2 lets it, and recorded.</summary>
[CancelAfter(60_000)]
public class LateBodyTests
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task Body_GoesOnAfterTheRecord_NothingMoreOfItLeaves(bool isWorkers, CancellationToken cancellationToken)
    {
        TaskCompletionSource<string> received = new();
        await using Origin origin = await Origin.StartAsync(http => AnswerEarlyAsync(http, received), HttpProtocols.Http2);
        LateContent content = new();
        SubrequestRecord? record = null;
        Platform? running = null;
        await using Platform platform = running = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                HttpRequestMessage request = new(HttpMethod.Post, "http://api.example.com/")
                {
                    Version = HttpVersion.Version20,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                    Content = isWorkers ? null : content,
                };
                using HttpResponseMessage response = await context.FetchAsync(request, token);
                await response.Content.ReadAsStringAsync(token);
                record = running!.Records.Single();

                // The dispatch goes on: what ends it is the end of the subrequest alone.
                content.GoOn();
                await received.Task.WaitAsync(cancellationToken);
                return new HttpResponseMessage();
            },
            builder =>
            {
                if (isWorkers)
                {
                    builder.AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
                    {
                        request.Content = content;
                        return context.SendAsync(request, token);
                    }));
                }
            });

        using HttpResponseMessage answer = await platform.FetchAsync(cancellationToken: cancellationToken);
        bool wasWritten = await content.WasWritten.WaitAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await received.Task, Is.EqualTo("early"));
            Assert.That(wasWritten, Is.False);
            Assert.That(record!.Status, Is.EqualTo(200));
            Assert.That(record.RequestBytes, Is.EqualTo(5));
        }
    }

    // Answers once it has the first bytes, and reads on until the body ends or breaks off.
    private static async Task AnswerEarlyAsync(HttpContext http, TaskCompletionSource<string> received)
    {
        using MemoryStream all = new();
        byte[] early = new byte[5];
        await http.Request.Body.ReadExactlyAsync(early);
        all.Write(early);
        await http.Response.CompleteAsync();
        try
        {
            await http.Request.Body.CopyToAsync(all);
        }
        catch (IOException)
        {
            // It broke off, as it should.
        }

        received.SetResult(Encoding.ASCII.GetString(all.ToArray()));
    }

    private sealed class LateContent : HttpContent
    {
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<bool> _wasWritten = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whether what came late was taken.</summary>
        public Task<bool> WasWritten => _wasWritten.Task;

        public void GoOn() => _goOn.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("early"u8.ToArray());
            await stream.FlushAsync();
            await _goOn.Task;
            try
            {
                await stream.WriteAsync(" and late"u8.ToArray());
                await stream.FlushAsync();
                _wasWritten.SetResult(true);
            }
            catch (Exception)
            {
                _wasWritten.SetResult(false);
                throw;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
