using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests.Outbound;

/// <summary>Sends and bodies that go on when what they were sent for is over.</summary>
[CancelAfter(60_000)]
public class LeftBehindTests
{
    [Test]
    public async Task BodyIgnoresItsToken_KeepsNoPlaceInTheConcurrencyLimit(CancellationToken cancellationToken)
    {
        TaskCompletionSource hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Origin origin = await Origin.StartAsync(static http => http.Response.WriteAsync("fine"));
        await using Platform platform = Platform.Create(
            origin,
            async (request, context, token) =>
            {
                if (!hangs.Task.IsCompleted)
                {
                    using CancellationTokenSource own = new();
                    Task<HttpResponseMessage> posting = context.FetchAsync(
                        new HttpRequestMessage(HttpMethod.Post, "https://api.example.com/") { Content = new HangingContent(hangs) }, own.Token);
                    await hangs.Task;
                    await own.CancelAsync();
                    await ((Task)posting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return new HttpResponseMessage { Content = new StringContent("hung") };
                }

                try
                {
                    return new HttpResponseMessage { Content = new StringContent(await context.Http.GetStringAsync("https://api.example.com/", token)) };
                }
                catch (Exception exception)
                {
                    return new HttpResponseMessage { Content = new StringContent(exception.Message) };
                }
            },
            static builder => builder.AddResilience(static options =>
            {
                options.Retry = null;
                options.Concurrency = new ConcurrencyOptions { Limit = 1, Queue = 0 };
            }));
        Assert.That(await platform.GetStringAsync(), Is.EqualTo("hung"));

        // The place is given back by another thread than the one that gave the subrequest up.
        string answer;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            answer = await platform.GetStringAsync();
        }
        while (answer != "fine");
    }

    [Test]
    public async Task BodyGoesOnAfterARedirect_NothingMoreOfItLeaves(CancellationToken cancellationToken)
    {
        TaskCompletionSource<string> received = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Origin origin = await Origin.StartAsync(
            http => http.Request.Path == "/next" ? http.Response.WriteAsync("end") : RedirectEarlyAsync(http, received), HttpProtocols.Http2);
        LateContent content = new();
        TaskCompletionSource redirected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                HttpRequestMessage request = new(HttpMethod.Post, "http://api.example.com/")
                {
                    Version = HttpVersion.Version20,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                    Content = content,
                };
                using HttpResponseMessage response = await context.FetchAsync(request, token);
                await response.Content.ReadAsStringAsync(token);
                return new HttpResponseMessage();
            },
            builder => builder.AddOutboundWorker(provider => new DelegateWorker(async (request, context, token) =>
            {
                if (context.Hop == 1)
                {
                    // The record of the first hop is made.
                    content.GoOn();
                    await received.Task.WaitAsync(token);
                }

                return await context.SendAsync(request, token);
            })));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await received.Task.WaitAsync(cancellationToken), Is.EqualTo("early"));
            Assert.That(platform.Records.Select(static record => (record.Hop, record.Method, record.Path, record.RequestBytes)), Is.EqualTo(new[] { (0, "POST", "/", 5L), (1, "GET", "/next", 0L) }));
        }
    }

    [Test]
    public async Task WorkerLeavesASendBehind_NoRetryAfterTheRecord(CancellationToken cancellationToken)
    {
        FakeTimeProvider time = new();
        int sent = 0;
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int atRecord = 0;
        Task<HttpResponseMessage>? left = null;
        Platform? running = null;
        await using Platform platform = running = Platform.Create(
            builder => builder
                .Configure(static options => options.Limits.Deadline = Timeout.InfiniteTimeSpan)
                .ConfigureEgress(client => client.AddHttpMessageHandler(() => new Answering(() =>
                {
                    Interlocked.Increment(ref sent);
                    first.TrySetResult();
                    return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
                })))
                .AddResilience(static options =>
                {
                    options.Retry = new RetryOptions { MaxRetries = 2, BaseDelay = TimeSpan.FromSeconds(1) };
                    options.CircuitBreaker = null;
                })
                .AddOutboundWorker(provider => new DelegateWorker(async (request, context, token) =>
                {
                    left = context.SendAsync(request, token);
                    await first.Task;
                    return new HttpResponseMessage { Content = new StringContent("own") };
                }))
                .AddTenant("tenant", async (_, context, token) =>
                {
                    await context.Http.GetStringAsync("https://api.example.com/", token);
                    atRecord = running!.Records.Count;
                    await Eventually.BeAsync(() => left!.IsCompleted, cancellationToken, time);
                    return new HttpResponseMessage();
                }),
            services => services.AddSingleton<TimeProvider>(time));
        (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();

        Assert.That((atRecord, sent), Is.EqualTo((1, 1)), "sent once before the record; nothing after");
    }

    [Test]
    public async Task CallbackOnAWorkersTokenThrows_SubrequestIsRecordedAndTheDispatchEnds([Values] bool byTenant)
    {
        await using Platform platform = Platform.Create(builder => builder
            .ConfigureEgress(static client => client.AddHttpMessageHandler(static () => new Registering()))
            .AddOutboundWorker(static provider => new DelegateWorker(static async (request, context, token) =>
            {
                CancellationTokenSource own = new();
                return await context.SendAsync(request, own.Token);
            }))
            .AddTenant("tenant", async (_, context, token) =>
            {
                HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token);
                if (byTenant)
                {
                    response.Dispose();
                }

                return new HttpResponseMessage();
            }));
        Task<HttpResponseMessage> fetching = platform.FetchAsync();
        await ((Task)fetching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(platform.Records, Has.Count.EqualTo(1));
            Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
            Assert.That(fetching.Exception, Is.Null);
        }
    }

    private static async Task RedirectEarlyAsync(HttpContext http, TaskCompletionSource<string> received)
    {
        using MemoryStream all = new();
        byte[] early = new byte[5];
        await http.Request.Body.ReadExactlyAsync(early);
        all.Write(early);
        http.Response.StatusCode = 302;
        http.Response.Headers.Location = "/next";
        await http.Response.CompleteAsync();
        try
        {
            await http.Request.Body.CopyToAsync(all);
        }
        catch (IOException)
        {
        }

        received.SetResult(Encoding.ASCII.GetString(all.ToArray()));
    }

    private sealed class Answering(Func<HttpResponseMessage> answer) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }

    private sealed class Registering : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.Register(static () => throw new IOException("a callback"));
            return Task.FromResult(new HttpResponseMessage { Content = new StringContent("fine") });
        }
    }

    private sealed class HangingContent(TaskCompletionSource hangs) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("x"u8.ToArray());
            hangs.TrySetResult();
            await new TaskCompletionSource().Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class LateContent : HttpContent
    {
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn() => _goOn.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("early"u8.ToArray());
            await stream.FlushAsync();
            await _goOn.Task;
            await stream.WriteAsync(" and late"u8.ToArray());
            await stream.FlushAsync();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
