using System.Net;

namespace OutboundInterception.Tests.Outbound;

/// <summary>A body whose code never returns, on the very thread that sends it: what has left is recorded all the same.</summary>
[CancelAfter(60_000)]
public class BlockingBodyTests
{
    private const string Url = "https://api.example.com/";

    [Test]
    public async Task Body_BlocksTheThreadItIsWrittenOn_IsRecordedWhenTheDispatchIsOver([Values] bool isPooled, CancellationToken cancellationToken)
    {
        TaskCompletionSource<int> arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Origin origin = await Origin.StartAsync(async http =>
        {
            if (http.Request.Method == "POST")
            {
                arrived.TrySetResult(await http.Request.Body.ReadAsync(new byte[100], CancellationToken.None));
                await http.Request.Body.CopyToAsync(Stream.Null, CancellationToken.None);
            }
        });
        using ManualResetEventSlim never = new();
        await using Platform platform = Platform.Create(origin, async (_, context, token) =>
        {
            if (isPooled)
            {
                (await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, Url), token)).Dispose();
            }

            Thread thread = new(() => Forget(context.FetchAsync(new HttpRequestMessage(HttpMethod.Post, Url) { Content = new BlockingContent(never) }, CancellationToken.None))) { IsBackground = true };
            thread.Start();
            await arrived.Task;
            return new HttpResponseMessage();
        });
        try
        {
            (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
            await Eventually.BeAsync(() => platform.Records.Any(static record => record.Method == "POST"), cancellationToken);
            SubrequestRecord record = platform.Records.Single(static record => record.Method == "POST");
            using (Assert.EnterMultipleScope())
            {
                Assert.That(await arrived.Task, Is.EqualTo(5));
                Assert.That(record.RequestBytes, Is.EqualTo(5));
                Assert.That(record.Decision, Is.EqualTo(SubrequestDecision.Sent));
                Assert.That(record.Failure, Is.EqualTo(FailureKind.Cancelled));
                Assert.That(platform.Namespace.ActiveDispatches, Is.Zero);
            }
        }
        finally
        {
            never.Set();
        }
    }

    [Test]
    public async Task Redirect_StreamBlocksWhenAskedWhetherItSeeks_WhatHasLeftIsRecorded(CancellationToken cancellationToken)
    {
        int served = 0;
        await using Origin origin = await Origin.StartAsync(async http =>
        {
            Interlocked.Increment(ref served);
            await http.Request.Body.CopyToAsync(Stream.Null);
            http.Response.StatusCode = 307;
            http.Response.Headers.Location = "/next";
        });
        using ManualResetEventSlim never = new();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Platform platform = Platform.Create(origin, async (_, context, _) =>
        {
            HttpRequestMessage request = new(HttpMethod.Post, Url) { Content = new StreamContent(new SeekBlocks(never, asked)) };
            Thread thread = new(() => Forget(context.FetchAsync(request, CancellationToken.None))) { IsBackground = true };
            thread.Start();
            await asked.Task;
            return new HttpResponseMessage();
        });
        try
        {
            (await platform.FetchAsync(cancellationToken: cancellationToken)).Dispose();
            await Eventually.BeAsync(() => platform.Namespace.ActiveDispatches == 0 && platform.Records.Count == Volatile.Read(ref served), cancellationToken);
        }
        finally
        {
            never.Set();
        }
    }

    // On its own thread: what blocks would else block the test.
    private static void Forget(Task<HttpResponseMessage> sent) => sent.ContinueWith(static task => task.Exception, TaskScheduler.Default);

    private sealed class BlockingContent(ManualResetEventSlim never) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            stream.Write("hello"u8);
            stream.Flush();
            never.Wait();
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class SeekBlocks(ManualResetEventSlim never, TaskCompletionSource asked) : MemoryStream(new byte[5])
    {
        private int _asked;

        // The framework's content asks once when it is made.
        public override bool CanSeek
        {
            get
            {
                if (Interlocked.Increment(ref _asked) > 1)
                {
                    asked.TrySetResult();
                    never.Wait();
                }

                return false;
            }
        }
    }
}
