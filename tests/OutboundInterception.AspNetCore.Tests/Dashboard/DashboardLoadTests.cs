using System.Diagnostics;

namespace OutboundInterception.AspNetCore.Tests.Dashboard;

/// <summary>What viewers cost those who are looked at.</summary>
[Category("Load")]
[NonParallelizable]
[CancelAfter(120_000)]
public class DashboardLoadTests
{
    private const int PerSecond = 10_000;
    private const int Rounds = 6;

    [Test]
    public async Task Feed_TenThousandASecondAndThreeViewers_SubrequestsAreNotSlowedAndMemoryIsBounded(CancellationToken cancellationToken)
    {
        await using DashboardServer server = await DashboardServer.StartAsync(tenant: static async (_, context, token) =>
        {
            using HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/orders"), token);
            return new HttpResponseMessage();
        });
        await MeasureAsync(server);
        List<double> alone = [];
        List<double> watched = [];
        long bytes = 0;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int round = 0; round < Rounds; round++)
        {
            alone.Add(await MeasureAsync(server));
            using CancellationTokenSource leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task<long>[] viewers = [ViewAsync(server, leave.Token), ViewAsync(server, leave.Token), ViewAsync(server, leave.Token)];
            watched.Add(await MeasureAsync(server));
            await leave.CancelAsync();
            bytes += (await Task.WhenAll(viewers)).Sum();
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        double ratio = watched.Min() / alone.Min();
        await TestContext.Out.WriteLineAsync(
            $"Median subrequest: {alone.Min():0.00} µs alone, {watched.Min():0.00} µs with three viewers, ratio {ratio:0.000}; {bytes / Rounds / 3 / 1024} KiB/s a viewer; memory {grown / 1024} KiB.");
        using (Assert.EnterMultipleScope())
        {
            // Bounded by what a ring of 10,000 holds, which fills up meanwhile.
            Assert.That(grown, Is.LessThan(32 << 20));
            Assert.That(bytes, Is.GreaterThan(0));
            Assert.That(bytes / Rounds / 3, Is.LessThan(2 << 20), "a viewer is sent a bounded part");

            // The aim is 1.05, which is what is seen on a machine with nothing else to do; this one may run other tests.
            Assert.That(ratio, Is.LessThan(1.5));
        }
    }

    // One second of dispatches, paced; the median of their times in microseconds.
    private static async Task<double> MeasureAsync(DashboardServer server)
    {
        List<long> times = new(PerSecond);
        long begin = Stopwatch.GetTimestamp();
        while (times.Count < PerSecond)
        {
            double due = Stopwatch.GetElapsedTime(begin).TotalSeconds * PerSecond;
            if (times.Count >= due)
            {
                await Task.Yield();
                continue;
            }

            long start = Stopwatch.GetTimestamp();
            await server.DispatchAsync();
            times.Add(Stopwatch.GetTimestamp() - start);
        }

        times.Sort();
        return times[times.Count / 2] * 1e6 / Stopwatch.Frequency;
    }

    private static async Task<long> ViewAsync(DashboardServer server, CancellationToken cancellationToken)
    {
        using HttpResponseMessage feed = await server.Client.GetAsync(
            "/_outbound/api/namespaces/production/feed", HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
        Stream stream = await feed.Content.ReadAsStreamAsync(CancellationToken.None);
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        try
        {
            while (true)
            {
                total += await stream.ReadAsync(buffer, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return total;
        }
    }
}
