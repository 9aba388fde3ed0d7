namespace OutboundInterception.Benchmarks;

/// <summary>Two gateways under the same load in turn.</summary>
/// <param name="PerSecond">Our requests a second to theirs.</param>
/// <param name="Cpu">Our gateway's CPU time a request to theirs.</param>
/// <param name="Ours">For the table.</param>
/// <param name="Theirs">For the table.</param>
internal sealed record Comparison(double PerSecond, double Cpu, string Ours, string Theirs)
{
    public static async Task<Comparison> RunAsync(ChildProcess ours, ChildProcess theirs, TimeSpan time)
    {
        using GatewayClient ourClient = new(ours.Url);
        using GatewayClient theirClient = new(theirs.Url);
        Load[][] loads = await Load.InterleaveAsync(
            int.Max(3, (int)(time.TotalSeconds * 1.5)),
            TimeSpan.FromSeconds(1),
            origin: null,
            (ourClient.SendAsync, () => ours.Cpu),
            (theirClient.SendAsync, () => theirs.Cpu));
        return new Comparison(
            Load.Ratio(loads[0], loads[1], static load => load.PerSecond),
            Load.Ratio(loads[0], loads[1], static load => load.Cpu),
            Describe(loads[0]),
            Describe(loads[1]));
    }

    private static string Describe(Load[] loads) => FormattableString.Invariant(
        $"{Load.Median(loads.Select(static load => load.PerSecond)):0}/s, {Load.Median(loads.Select(static load => load.Cpu)):0} µs CPU");
}
