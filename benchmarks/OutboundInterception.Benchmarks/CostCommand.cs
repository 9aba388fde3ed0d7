using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace OutboundInterception.Benchmarks;

/// <summary><c>cost [--seconds N]</c>: how the cost of a subrequest grows with what there is.</summary>
internal static class CostCommand
{
    private static readonly Uri s_uri = new("https://api.example.com/orders");

    public static async Task<int> RunAsync(Arguments arguments)
    {
        TimeSpan time = TimeSpan.FromSeconds(arguments.Number("--seconds") ?? 1);
        List<string[]> lines = [["what", "how many", "time", "allocated", "for each more"]];
        await AddAsync(lines, "tenants", [1, 1_000, 1_000_000], Tenants, time);
        await AddAsync(lines, "rules", [10, 10_000, 1_000_000], Rules, time);
        await AddAsync(lines, "headers", [0, 10, 100], Headers, time);
        await AddAsync(lines, "redirect hops", [0, 5, 20], Hops, time);
        await AddAsync(lines, "concurrent dispatches", [1, 100, 10_000], Concurrent, time);
        Table.Print(lines);
        return 0;
    }

    private static async Task AddAsync(List<string[]> lines, string what, int[] amounts, Func<int, GrowthCase> create, TimeSpan time)
    {
        Timing first = default;
        foreach (int amount in amounts)
        {
            await using GrowthCase growth = create(amount);
            Timing timing = (await Interleaved.MeasureAsync(time, new Candidate(growth.RunAsync, growth.Operations)))[0];
            first = first == default ? timing : first;
            int more = amount - amounts[0];
            lines.Add([
                what,
                amount.ToString("N0", CultureInfo.InvariantCulture),
                timing.Nanoseconds.ToString("0 ns", CultureInfo.InvariantCulture),
                timing.Bytes.ToString("0 B", CultureInfo.InvariantCulture),
                more == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{(timing.Nanoseconds - first.Nanoseconds) / more:0.###} ns, {(timing.Bytes - first.Bytes) / more:0.###} B"),
            ]);
        }
    }

    private static GrowthCase Tenants(int count)
    {
        GrowthCase growth = new(static () => new HttpRequestMessage(HttpMethod.Get, s_uri), static _ => { });
        for (int number = 1; number < count; number++)
        {
            growth.Namespace.Tenants.Add($"other-{number}", static (_, _, _) => Task.FromResult(new HttpResponseMessage()));
        }

        return growth;
    }

    private static GrowthCase Rules(int count) => new(
        static () => new HttpRequestMessage(HttpMethod.Get, s_uri),
        builder => builder.ConfigurePolicy(policy => policy.AllowHosts(Enumerable.Range(0, count).Select(HostRuleBenchmarks.Pattern))));

    private static GrowthCase Headers(int count)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(static number => $"X-Header-{number}")];
        return new GrowthCase(
            () =>
            {
                HttpRequestMessage request = new(HttpMethod.Get, s_uri);
                foreach (string name in names)
                {
                    request.Headers.TryAddWithoutValidation(name, "a value of usual length");
                }

                return request;
            },
            static _ => { });
    }

    private static GrowthCase Hops(int count) => new(
        static () => new HttpRequestMessage(HttpMethod.Get, s_uri), static _ => { }, new RedirectHandler(count));

    private static GrowthCase Concurrent(int count) => new(static () => new HttpRequestMessage(HttpMethod.Get, s_uri), static _ => { }, new GateHandler(count)) { Concurrent = count };
}
