namespace OutboundInterception.Benchmarks;

internal sealed class Row08Proxies() : Row(8)
{
    public override bool NeedsPeers => true;

    public override async Task<IReadOnlyList<Result>> RunAsync(TimeSpan time)
    {
        await using ChildProcess origin = await ChildProcess.ServeAsync("origin");
        await using LoopbackTenant ours = new(origin.Url);
        await using ChildProcess? squid = await Peers.StartSquidAsync();
        await using ChildProcess? mitmproxy = await Peers.StartMitmproxyAsync();
        await using ChildProcess yarp = await ChildProcess.ServeAsync("yarp", origin.Url);
        List<(string Name, ChildProcess Process, LoopbackClient Client)> proxies = [("YARP as a reverse proxy", yarp, new LoopbackClient(yarp.Url))];
        List<Result> results = [];
        Add("Squid as a forward proxy", squid, Peers.InstallSquid);
        Add("mitmproxy as a forward proxy", mitmproxy, Peers.InstallMitmproxy);

        Load[][] loads = await Load.InterleaveAsync(
            int.Max(3, (int)time.TotalSeconds),
            TimeSpan.FromSeconds(1),
            origin: null,
            [(ours.SendAsync, OwnCpu), .. proxies.Select(proxy => ((Func<Task>)proxy.Client.SendAsync, (Func<TimeSpan>)(() => OwnCpu() + proxy.Process.Cpu)))]);
        for (int index = 0; index < proxies.Count; index++)
        {
            double ratio = Load.Ratio(loads[0], loads[index + 1], static load => load.PerSecond);
            results.Add(ToLine(proxies[index].Name) with
            {
                Ours = Describe(loads[0]),
                Theirs = Describe(loads[index + 1]),
                Ratio = ratio,
                Targets = [Target.AtLeast(ratio, 1)],
            });
            proxies[index].Client.Dispose();
        }

        return results;

        void Add(string name, ChildProcess? process, string install)
        {
            if (process is null)
            {
                results.Add(ToLine(name) with { Ours = install });
            }
            else
            {
                proxies.Add((name, process, new LoopbackClient(origin.Url, process.Url)));
            }
        }
    }

    private static TimeSpan OwnCpu() => Environment.CpuUsage.TotalTime;

    private static string Describe(Load[] loads) => FormattableString.Invariant(
        $"{Load.Median(loads.Select(static load => load.PerSecond)):0}/s, {Load.Median(loads.Select(static load => load.Cpu)):0} µs CPU");

    private Result ToLine(string name) => new()
    {
        Row = Number,
        What = $"dispatch and subrequest, {Load.InFlight} in flight",
        ComparedWith = name,
        Ours = "",
    };
}
