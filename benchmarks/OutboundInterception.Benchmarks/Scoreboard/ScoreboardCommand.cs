using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OutboundInterception.Benchmarks;

/// <summary><c>scoreboard [--row N]... [--peers] [--seconds N] [--json FILE]</c></summary>
internal static class ScoreboardCommand
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    private static Row[] All =>
    [
        new Row01Subrequest(), new Row02Sockets(), new Row03Get(), new Row04Dispatch(), new Row05Loopback(), new Row06Gateway(),
        new Row07Workerd(), new Row08Proxies(), new Row09Streaming(), new Row10HostRules(), new Row11Networks(), new Row12Tenants(),
        new Row13Resilience(), new Row14Observation(), new Row15Threads(),
    ];

    public static async Task<int> RunAsync(Arguments arguments)
    {
        HashSet<int> wanted = [.. arguments.Numbers("--row")];
        bool peers = arguments.Has("--peers");
        TimeSpan time = TimeSpan.FromSeconds(arguments.Number("--seconds") ?? 4);
        List<Result> results = [];
        foreach (Row row in All.Where(row => wanted.Count > 0 ? wanted.Contains(row.Number) : peers || !row.NeedsPeers))
        {
            Console.Error.WriteLine($"row {row.Number} ...");
            results.AddRange(await row.RunAsync(time));
        }

        string machine = $"{Machine.Processor}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {DateTimeOffset.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        Console.WriteLine(machine);
        Console.WriteLine();
        Table.Print(results);
        if (arguments.Value("--json") is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { machine, results }, s_json));
        }

        int failed = results.Count(static result => result.Verdict == Verdict.Failed);
        Console.WriteLine();
        Console.WriteLine($"{results.Count(static result => result.Targets.Count > 0 && result.Verdict == Verdict.Met)} met, {results.Count(static result => result.Verdict == Verdict.Missed)} missed by less than 15 %, {failed} not met");
        return failed == 0 ? 0 : 1;
    }
}
