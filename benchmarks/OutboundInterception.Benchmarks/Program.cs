using System.Globalization;
using BenchmarkDotNet.Running;
using OutboundInterception.Benchmarks;

Arguments arguments = new(args);
switch (args.FirstOrDefault())
{
    case "scoreboard":
        return await ScoreboardCommand.RunAsync(arguments);
    case "cost":
        return await CostCommand.RunAsync(arguments);
    case "analysis":
        return await AnalysisCommand.RunAsync(arguments);
    case "soak":
        return await SoakCommand.RunAsync(arguments);
    case "serve":
        return await Servers.ServeAsync(args[1], args.ElementAtOrDefault(2) ?? "");
    case "threads":
        (double ours, double plain) = await ThreadsBenchmark.ScaleAsync(TimeSpan.FromSeconds(arguments.Number("--seconds") ?? 4));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ours} {plain}"));
        return 0;
    case "bench":
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args[1..]);
        return 0;
    default:
        Console.Error.WriteLine("""
            scoreboard [--row N]... [--peers] [--seconds N] [--json FILE]   all targets in one table; non-zero when one is not met
            cost [--seconds N]                                              how the cost of a subrequest grows
            analysis [--classes N]                                          the analyzer's share of compiling, the verifier's time per MB of IL
            soak [--dispatches N]                                           memory over a million dispatches
            bench [BenchmarkDotNet's arguments]                             rows 1 to 4 and 10 to 14 in detail
            """);
        return 2;
}
