using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Tests.Outbound;

/// <summary>What an outbound worker sends with a token of its own, once what it sends for is over.</summary>
[CancelAfter(60_000)]
public class LateSendTests
{
    [Test]
    public async Task SendAsync_SubrequestWasRecorded_NothingLeavesAfterIt(CancellationToken cancellationToken)
    {
        int arrived = 0;
        await using Origin origin = await Origin.StartAsync(_ =>
        {
            Interlocked.Increment(ref arrived);
            return Task.CompletedTask;
        });
        TaskCompletionSource entered = new();
        TaskCompletionSource resume = new();
        TaskCompletionSource<Exception?> outcome = new();
        using CancellationTokenSource workers = new();
        await using Platform platform = Platform.Create(
            origin,
            async (_, context, token) =>
            {
                using CancellationTokenSource tenants = new();
                Task<HttpResponseMessage> call = context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "http://api.example.com/"), tenants.Token);
                await entered.Task;
                await tenants.CancelAsync();
                await Assert.ThrowsAsync<TaskCanceledException>(() => call);
                return new HttpResponseMessage { Content = new StringContent("done") };
            },
            builder => builder.AddOutboundWorker(_ => new DelegateWorker(async (request, context, _) =>
            {
                entered.SetResult();
                await resume.Task;
                try
                {
                    HttpResponseMessage response = await context.SendAsync(request, workers.Token);
                    outcome.SetResult(null);
                    return response;
                }
                catch (Exception exception)
                {
                    outcome.SetResult(exception);
                    throw;
                }
            })));

        await platform.GetStringAsync();
        resume.SetResult();
        Exception? caught = await outcome.Task.WaitAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(caught, Is.InstanceOf<OperationCanceledException>());
            Assert.That(arrived, Is.Zero);
            Assert.That(platform.Records.Single().Decision, Is.Not.EqualTo(SubrequestDecision.Sent));
        }
    }

    [Test]
    public async Task SendAsync_TenantIsKilledMeanwhile_TheSendEnds(CancellationToken cancellationToken)
    {
        TaskCompletionSource arrived = new();
        TaskCompletionSource gone = new();
        await using Origin origin = await Origin.StartAsync(async http =>
        {
            using CancellationTokenRegistration aborted = http.RequestAborted.Register(gone.SetResult);
            arrived.SetResult();
            await gone.Task.WaitAsync(cancellationToken);
        });
        using CancellationTokenSource workers = new();
        await using Platform platform = Platform.Create(
            origin,
            (_, context, token) => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "http://api.example.com/"), token),
            builder => builder.AddOutboundWorker(_ => new DelegateWorker((request, context, _) => context.SendAsync(request, workers.Token))));

        Task<HttpResponseMessage> running = platform.FetchAsync(cancellationToken: cancellationToken);
        await arrived.Task.WaitAsync(cancellationToken);
        platform.Namespace.Policy.Kill("tenant");

        await Assert.ThrowsAsync<TaskCanceledException>(() => running);
        await gone.Task.WaitAsync(cancellationToken);
    }

    [Test]
    public async Task SendAsync_InAWorkersWaitUntil_GoesOnAfterTheResponse(CancellationToken cancellationToken)
    {
        TaskCompletionSource release = new();
        TaskCompletionSource<string?> mirrored = new();
        await using Origin origin = await Origin.StartAsync(http =>
        {
            if (http.Request.Headers["X-Copy"] == "yes")
            {
                mirrored.SetResult(http.Request.Path);
            }

            return Task.CompletedTask;
        });
        await using Platform platform = Platform.Create(
            origin,
            (_, context, token) => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "http://api.example.com/seen"), token),
            builder => builder.AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
            {
                HttpRequestMessage copy = new(request.Method, request.RequestUri);
                copy.Headers.Add("X-Copy", "yes");
                context.WaitUntil(async background =>
                {
                    await release.Task;
                    using HttpResponseMessage response = await context.SendAsync(copy, background);
                });
                return context.SendAsync(request, token);
            })));

        await platform.GetStringAsync();
        release.SetResult();

        Assert.That(await mirrored.Task.WaitAsync(cancellationToken), Is.EqualTo("/seen"));
    }
}
