using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OutboundInterception.Tests.Holes;

namespace OutboundInterception.Tests.Outbound;

/// <summary>Streams used from several sides at once, which the framework's do not expect.</summary>
[CancelAfter(60_000)]
public class BodyMisuseTests
{
    [Test]
    public async Task Read_TwiceAtOnce_TakesNothingOfTheNextResponseOnTheConnection()
    {
        string first = new('x', 2_000);
        using SemaphoreSlim reading = new(0);
        await using RawServer server = new(async (head, socket, token) =>
        {
            if (!head.Contains("/slow"))
            {
                await socket.SendAsync(Encoding.ASCII.GetBytes(RawServer.Answer("of another tenant")), token);
                return;
            }

            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n"u8.ToArray(), token);
            await reading.WaitAsync(token);
            await socket.SendAsync(Encoding.ASCII.GetBytes(first), token);
        });
        string slow = Hosts.AllowedUrl(server.Port, "/slow");
        string others = Hosts.AllowedUrl(server.Port, "/other");
        using PlainClient plain = new();
        using HttpResponseMessage open = await plain.Http.GetAsync(slow, HttpCompletionOption.ResponseHeadersRead);
        Stream naive = await open.Content.ReadAsStreamAsync();
        byte[] stolen = new byte[2_000];
        ValueTask<int> one = naive.ReadAsync(new byte[2_000]);
        ValueTask<int> two = naive.ReadAsync(stolen);
        reading.Release();
        int got = await one;
        Task<string> victim = plain.Other.GetStringAsync(others);
        int stole = await two;

        Assert.That(got, Is.EqualTo(2_000));
        Assert.That(Encoding.ASCII.GetString(stolen, 0, stole), Does.Contain("of another tenant"));
        plain.Http.CancelPendingRequests();
        plain.Other.CancelPendingRequests();
        await ((Task)victim).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        await using GuardedTenant guarded = new();
        (Exception? refused, int length) = await guarded.RunAsync(async context =>
        {
            using HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, slow));
            Stream stream = await response.Content.ReadAsStreamAsync();
            Task<int> reads = stream.ReadAsync(new byte[2_000]).AsTask();
            Exception? second = await CatchAsync(() => stream.ReadAsync(new byte[2_000]).AsTask());
            reading.Release();
            return (second, await reads);
        });

        Assert.That(refused, Is.TypeOf<InvalidOperationException>());
        Assert.That(length, Is.EqualTo(2_000));
        Assert.That(await guarded.GetAsync(others, "other"), Is.EqualTo("of another tenant"));
    }

    [Test]
    public async Task Dispose_WhileARead_EndsTheReadAndTheConnection([Values] bool isSynchronous)
    {
        using SemaphoreSlim closed = new(0);
        await using RawServer server = new(async (_, socket, token) =>
        {
            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n"u8.ToArray(), token);
            if (await socket.ReceiveAsync(new byte[1], token) == 0)
            {
                closed.Release();
            }
        });
        await using GuardedTenant guarded = new();
        Exception? failure = await guarded.FailAsync(async context =>
        {
            HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, Hosts.AllowedUrl(server.Port)));
            Stream stream = await response.Content.ReadAsStreamAsync();
            TaskCompletionSource started = new();
            Task read = isSynchronous
                ? Task.Factory.StartNew(
                    () =>
                    {
                        started.SetResult();
                        return stream.Read(new byte[10], 0, 10);
                    },
                    TaskCreationOptions.LongRunning)
                : stream.ReadAsync(new byte[10]).AsTask();
            if (isSynchronous)
            {
                await started.Task;
            }

            response.Dispose();
            await read;
        });

        // A read that began after the disposal says the same.
        Assert.That(failure, Is.TypeOf<ObjectDisposedException>());
        Assert.That(await closed.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(guarded.Records, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Write_TwiceAtOnce_SecondIsRefused()
    {
        await using Origin origin = await Origin.StartAsync(EchoAsync);
        BusyContent content = new();
        await using GuardedTenant guarded = new(static builder => builder.Configure(static options => options.ReplayBytes = 2_000_000));
        guarded.Meanwhile = async request =>
        {
            // A reader that takes its time: the first write waits for it.
            using Stream body = await request.Content!.ReadAsStreamAsync();
            await content.Second.Task;
            await body.CopyToAsync(Stream.Null);
        };
        Exception? failure = await guarded.FailAsync(context => context.Http.PostAsync(Hosts.AllowedUrl(new Uri(origin.Url).Port), content));

        Assert.That(await content.Second.Task, Is.TypeOf<InvalidOperationException>());
        Assert.That(failure, Is.Null);
    }

    [Test]
    public async Task Write_StillGoingOnWhenTheContentSaysItIsDone_TypedError()
    {
        await using Origin origin = await Origin.StartAsync(EchoAsync);
        await using GuardedTenant guarded = new();
        guarded.Meanwhile = static async request => await request.Content!.ReadAsStreamAsync();
        Exception? failure = await guarded.FailAsync(context => context.Http.PostAsync(Hosts.AllowedUrl(new Uri(origin.Url).Port), new HastyContent()));

        Assert.That(failure, Is.TypeOf<InvalidSubrequestException>().With.Property("Problem").EqualTo(SubrequestProblem.Body));
    }

    private static Task EchoAsync(Microsoft.AspNetCore.Http.HttpContext http) => http.Request.Body.CopyToAsync(http.Response.Body);

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

    private sealed class BusyContent : HttpContent
    {
        public TaskCompletionSource<Exception?> Second { get; } = new();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            // More than a pipe takes without a reader.
            Task first = stream.WriteAsync(new byte[1_000_000]).AsTask();
            Second.SetResult(await CatchAsync(() => stream.WriteAsync(new byte[1]).AsTask()));
            await first;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class HastyContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _ = stream.WriteAsync(new byte[1_000_000]).AsTask();
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
