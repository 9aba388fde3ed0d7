using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OutboundInterception.Tests.Outbound;

/// <summary>A body that a tenant goes on with once its request has been answered, read and recorded.</summary>
[CancelAfter(60_000)]
public class LateBodyTests
{
    [Test]
    public async Task Body_AnsweredInFullOverHttp2_NothingMoreOfItLeaves(CancellationToken cancellationToken)
    {
        TaskCompletionSource<string> received = new();
        await using Origin origin = await Origin.StartAsync(
            async http =>
            {
                await http.Response.CompleteAsync();
                using MemoryStream all = new();
                try
                {
                    await http.Request.Body.CopyToAsync(all, cancellationToken);
                }
                catch (Exception exception) when (exception is IOException or Microsoft.AspNetCore.Http.BadHttpRequestException)
                {
                    // It broke off, as it should.
                }

                received.SetResult(System.Text.Encoding.ASCII.GetString(all.ToArray()));
            },
            HttpProtocols.Http2);
        TaskCompletionSource over = new();
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            HttpRequestMessage request = new(HttpMethod.Post, "http://api.example.com/")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new LateContent(over.Task),
            };
            using HttpResponseMessage response = await context.FetchAsync(request, token);
            await response.Content.ReadAsStringAsync(token);
            return new HttpResponseMessage { Content = new StringContent("done") };
        });

        await platform.GetStringAsync();
        SubrequestRecord record = platform.Records.Single();
        over.SetResult();
        string got = await received.Task.WaitAsync(cancellationToken);

        Assert.That((got, record.RequestBytes), Is.EqualTo(("early", 5L)));
    }

    private sealed class LateContent(Task over) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("early"u8.ToArray());
            await over;
            await stream.WriteAsync(" and late"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
