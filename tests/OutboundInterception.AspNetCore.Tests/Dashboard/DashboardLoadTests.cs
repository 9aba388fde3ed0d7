using System.Diagnostics;

namespace OutboundInterception.AspNetCore.Tests.Dashboard;

/// <summary>What viewers cost those who are looked at.</summary>
[Category("Load")]
[NonParallelizable]
[CancelAfter(120_000)]
public class DashboardLoadTests
{
    private const int PerSecond = 10_000;
    private const double Slice = 0.25;
    private const int Pairs = 10;
    private const int Series = 6;

    // What else the machine does slows one slice or the other, and is as likely to hit either: of pairs that are measured
    // next to each other the median counts, and of several series the one with the least in its way.
    [Test]
    public async Task Feed_TenThousandASecondAndThreeViewers_MedianSubrequestIsSlowedByAtMostFivePercent(CancellationToken cancellationToken)
    {
        await using DashboardServer server = await DashboardServer.StartAsync(tenant: static async (_, context, token) =>
        {
            using HttpResponseMessage response = await context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/orders"), token);
            return new HttpResponseMessage();
        });
        await MeasureAsync(server, 4 * Slice);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        double ratio = double.MaxValue;
        double rate = 0;
        double bytes = 0;
        for (int series = 0; series < Series && (ratio > 1.05 || rate < 0.99 * PerSecond); series++)
        {
            (double seriesRatio, double seriesRate, bytes) = await RunSeriesAsync(server, cancellationToken);
            await TestContext.Out.WriteLineAsync($"Ratio {seriesRatio:0.000} at {seriesRate:0} subrequests/s; {bytes / 1024:0} KiB/s a viewer.");
            if (seriesRate >= 0.99 * PerSecond && seriesRatio < ratio)
            {
                (ratio, rate) = (seriesRatio, seriesRate);
            }
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        await TestContext.Out.WriteLineAsync($"Memory grew by {grown / 1024} KiB.");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rate, Is.GreaterThanOrEqualTo(0.99 * PerSecond), "the rate was reached");
            Assert.That(ratio, Is.LessThanOrEqualTo(1.05));
            Assert.That(bytes, Is.GreaterThan(0).And.LessThan(2 << 20), "a viewer is sent something, and a bounded part");

            // Bounded by what a ring of 10,000 holds, which fills up meanwhile.
            Assert.That(grown, Is.LessThan(32 << 20));
        }
    }

    private static async Task<(double Ratio, double Rate, double Bytes)> RunSeriesAsync(DashboardServer server, CancellationToken cancellationToken)
    {
        List<double> ratios = [];
        List<double> rates = [];
        long bytes = 0;
        for (int pair = 0; pair < Pairs; pair++)
        {
            // In turns the one and the other first.
            double alone = pair % 2 == 0 ? await MeasureAsync(server, Slice, rates) : 0;
            using CancellationTokenSource leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task<long>[] viewers = [ViewAsync(server, leave.Token), ViewAsync(server, leave.Token), ViewAsync(server, leave.Token)];
            double watched = await MeasureAsync(server, Slice, rates);
            await leave.CancelAsync();
            bytes += (await Task.WhenAll(viewers)).Sum();
            alone = pair % 2 == 0 ? alone : await MeasureAsync(server, Slice, rates);
            ratios.Add(watched / alone);
        }

        ratios.Sort();
        return ((ratios[(Pairs / 2) - 1] + ratios[Pairs / 2]) / 2, rates.Average(), bytes / (Pairs * Slice * 3));
    }

    // Dispatches for a while, paced; the median of their times in microseconds.
    private static async Task<double> MeasureAsync(DashboardServer server, double seconds, List<double>? rates = null)
    {
        int wanted = (int)(seconds * PerSecond);
        List<long> times = new(wanted);
        long begin = Stopwatch.GetTimestamp();
        while (times.Count < wanted)
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

        rates?.Add(wanted / Stopwatch.GetElapsedTime(begin).TotalSeconds);
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
