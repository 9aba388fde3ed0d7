using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Benchmarks;

internal sealed class Row09Streaming() : Row(9)
{
    private const long GiB = 1L << 30;
    private const double MiB = 1 << 20;

    private static readonly byte[] s_chunk = new byte[64 * 1024];

    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        await using ChildProcess origin = await ChildProcess.ServeAsync("origin");
        using HttpClient plain = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null }) { Timeout = Timeout.InfiniteTimeSpan };
        await using Bench bench = Bench.Create(builder => builder
            .Route(Servers.OriginHost, origin.Url)
            .AddTenant(Bench.Tenant, static (request, context, token) => context.FetchAsync(request, token)));
        HttpMessageInvoker chain = new(new Dispatcher(bench.Namespace.Get(Bench.Tenant)));
        int rounds = int.Max(5, (int)time.TotalSeconds);
        Result[] results =
        [
            await CompareAsync("download", rounds, () => DownloadAsync(chain, $"http://{Servers.OriginHost}"), () => DownloadAsync(plain, origin.Url)),
            await CompareAsync("upload", rounds, () => UploadAsync(chain, $"http://{Servers.OriginHost}"), () => UploadAsync(plain, origin.Url)),
        ];
        chain.Dispose();
        return results;
    }

    private static async Task DownloadAsync(HttpMessageInvoker client, string host)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"{host}/bytes?{GiB}");
        await SendAsync(client, request, GiB);
    }

    private static async Task UploadAsync(HttpMessageInvoker client, string host)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"{host}/sink") { Content = new GibibyteContent() };
        await SendAsync(client, request, 1024);
    }

    private static async Task SendAsync(HttpMessageInvoker client, HttpRequestMessage request, long expected)
    {
        using HttpResponseMessage response = client is HttpClient http
            ? await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)
            : await client.SendAsync(request, CancellationToken.None);
        long length = await ResponseBody.ReadAsync(response.EnsureSuccessStatusCode());
        if (length != expected)
        {
            throw new InvalidOperationException($"{request.RequestUri} answered with {length} bytes instead of {expected}.");
        }
    }

    private async Task<Result> CompareAsync(string what, int rounds, Func<Task> ours, Func<Task> theirs)
    {
        double[] ourSeconds = new double[rounds];
        double[] theirSeconds = new double[rounds];
        double bytes = double.MaxValue;
        long resident = 0;
        await theirs();
        await ours();
        for (int round = 0; round < rounds; round++)
        {
            // In turn the first: the other finds the machine as that left it.
            if (round % 2 == 0)
            {
                theirSeconds[round] = await TimeAsync(theirs);
            }

            long before = GC.GetTotalAllocatedBytes(precise: true);
            ourSeconds[round] = await TimeAsync(ours);
            bytes = double.Min(bytes, GC.GetTotalAllocatedBytes(precise: true) - before);
            resident = long.Max(resident, Environment.WorkingSet);
            if (round % 2 == 1)
            {
                theirSeconds[round] = await TimeAsync(theirs);
            }
        }

        double ratio = Load.Median(theirSeconds.Zip(ourSeconds, static (their, our) => their / our));
        return new Result
        {
            Row = Number,
            What = $"1 GiB {what} through the chain",
            ComparedWith = "plain HttpClient",
            Ours = FormattableString.Invariant($"{1024 / Load.Median(ourSeconds):0} MiB/s, {resident / MiB:0} MiB resident"),
            Theirs = FormattableString.Invariant($"{1024 / Load.Median(theirSeconds):0} MiB/s"),
            Ratio = ratio,
            Allocated = bytes,
            Targets = [Target.AtLeast(ratio, 0.98), Target.Bytes(bytes, 3 * MiB, "≤ 3 MiB allocated")],
        };
    }

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        long start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private sealed class Dispatcher(TenantStub stub) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            stub.FetchAsync(request, cancellationToken);
    }

    private sealed class GibibyteContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            for (long rest = GiB; rest > 0; rest -= s_chunk.Length)
            {
                await stream.WriteAsync(s_chunk);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = GiB;
            return true;
        }
    }
}
