using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Outbound;

/// <summary>A body that is read with a token of the reader's own.</summary>
[CancelAfter(60_000)]
public class ReaderTokenTests
{
    [Test]
    public async Task Read_TokenIsCancelledWhileItWaits_EndsThatSubrequestAlone(CancellationToken cancellationToken)
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Origin origin = await Origin.StartAsync(async http =>
        {
            await http.Response.WriteAsync("begun");
            if (http.Request.Path == "/waits")
            {
                await http.Response.Body.FlushAsync();
                http.RequestAborted.Register(gone.SetResult);
                await gone.Task;
            }
        });
        await using Platform platform = Create(origin, async context =>
        {
            using CancellationTokenSource own = new();
            using HttpResponseMessage response = await context.Http.GetAsync("https://api.example.com/waits", HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
            Stream body = await response.Content.ReadAsStreamAsync(CancellationToken.None);
            byte[] buffer = new byte[16];
            int begun = await body.ReadAtLeastAsync(buffer, 5, cancellationToken: own.Token);
            ValueTask<int> waiting = body.ReadAsync(buffer, own.Token);
            await own.CancelAsync();
            OperationCanceledException? cancelled = await Assert.CatchAsync<OperationCanceledException>(async () => _ = await waiting);
            return $"{begun} {cancelled!.CancellationToken == own.Token} {await context.Http.GetStringAsync("https://api.example.com/", CancellationToken.None)}";
        });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("5 True begun"));
        await gone.Task.WaitAsync(cancellationToken);
        Assert.That(platform.Records.Select(static record => (record.Path, record.Failure, record.ResponseBytes)), Is.EqualTo(new (string, FailureKind?, long)[]
        {
            ("/waits", FailureKind.Cancelled, 5),
            ("/", null, 5),
        }));
    }

    [Test]
    public async Task Read_TokenOfAReadThatIsOverIsCancelled_NextGoesOn([Values] bool wasThere)
    {
        TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Origin origin = await Origin.StartAsync(async http =>
        {
            await http.Response.WriteAsync("begun");
            await http.Response.Body.FlushAsync();
            await more.Task;
            await http.Response.WriteAsync("ended");
        });
        await using Platform platform = Create(origin, async context =>
        {
            using HttpResponseMessage response = await context.Http.GetAsync("https://api.example.com/", HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
            Stream body = await response.Content.ReadAsStreamAsync(CancellationToken.None);
            byte[] buffer = new byte[16];
            using CancellationTokenSource own = new();
            int read = await body.ReadAtLeastAsync(buffer, 5, cancellationToken: wasThere ? own.Token : CancellationToken.None);
            ValueTask<int> waiting = body.ReadAsync(buffer.AsMemory(read), wasThere ? CancellationToken.None : own.Token);
            if (wasThere)
            {
                await own.CancelAsync();
            }

            more.SetResult();
            read += await waiting;
            await own.CancelAsync();
            read += await body.ReadAsync(buffer.AsMemory(read), CancellationToken.None);
            return System.Text.Encoding.ASCII.GetString(buffer, 0, read);
        });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo("begunended"));
    }

    [Test]
    public async Task Read_TokenIsCancelledAlready_ThrowsAtOnce([Values] bool isSourceDisposed)
    {
        await using Origin origin = await Origin.StartAsync(static http => http.Response.WriteAsync("there"));
        await using Platform platform = Create(origin, async context =>
        {
            CancellationTokenSource own = new();
            CancellationToken token = own.Token;
            if (isSourceDisposed)
            {
                own.Dispose();
                return await context.Http.GetStringAsync("https://api.example.com/", token);
            }

            await own.CancelAsync();
            using HttpResponseMessage response = await context.Http.GetAsync("https://api.example.com/", HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
            Stream body = await response.Content.ReadAsStreamAsync(CancellationToken.None);
            OperationCanceledException? cancelled = await Assert.CatchAsync<OperationCanceledException>(async () => _ = await body.ReadAsync(new byte[16], token));
            return (cancelled!.CancellationToken == token).ToString();
        });

        Assert.That(await platform.GetStringAsync(), Is.EqualTo(isSourceDisposed ? "there" : "True"));
    }

    private static Platform Create(Origin origin, Func<TenantContext, Task<string>> tenant) => Platform.Create(builder => builder
        .AddTenant("tenant", async (_, context, _) => new HttpResponseMessage { Content = new StringContent(await tenant(context)) })
        .Route("api.example.com", origin.Url));
}
