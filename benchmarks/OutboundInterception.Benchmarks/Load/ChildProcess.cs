using System.Diagnostics;
using System.Reflection;

namespace OutboundInterception.Benchmarks;

/// <summary>A process of its own, so that its CPU time can be told from ours. Ended when disposed, and with us.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    // Whether this process is one that runs assemblies: dotnet itself, or that of the tests.
    private static readonly bool s_isHost =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" || Assembly.GetEntryAssembly() != Assembly.GetExecutingAssembly();

    private readonly Process _process;
    private readonly Action? _cleanUp;

    private ChildProcess(Process process, string url, Action? cleanUp = null)
    {
        _process = process;
        _cleanUp = cleanUp;
        Url = url;
    }

    public string Url { get; }

    /// <summary>CPU time used so far, that of its own children included.</summary>
    public TimeSpan Cpu => Descendants(_process.Id).Aggregate(TimeSpan.Zero, static (sum, id) => sum + CpuOf(id));

    /// <summary>Runs this program with a command that ends by itself.</summary>
    public static async Task<string> RunSelfAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        using Process process = Start(s_isHost ? "dotnet" : Environment.ProcessPath!, Self(arguments), environment);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {process.ExitCode}.");
    }

    /// <summary>Starts this program as a server, which prints its URL and runs until its standard input ends.</summary>
    public static async Task<ChildProcess> ServeAsync(params string[] arguments)
    {
        Process process = Start(s_isHost ? "dotnet" : Environment.ProcessPath!, Self(["serve", .. arguments]));
        string? url = await process.StandardOutput.ReadLineAsync();
        return new ChildProcess(process, url ?? throw new InvalidOperationException($"The server '{string.Join(' ', arguments)}' did not start."));
    }

    /// <summary>Starts another program as a server, and waits until it takes connections.</summary>
    public static async Task<ChildProcess> StartAsync(string program, string[] arguments, int port, Action? cleanUp = null)
    {
        Process process = Start(program, arguments);
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        ChildProcess child = new(process, $"http://127.0.0.1:{port}", cleanUp);
        long start = Stopwatch.GetTimestamp();
        while (!await LoopbackPort.AcceptsAsync(port))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(30))
            {
                await child.DisposeAsync();
                throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' does not take connections on port {port}.");
            }

            await Task.Delay(50);
        }

        return child;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _cleanUp?.Invoke();
    }

    private static Process Start(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string[] Self(string[] arguments) =>
        s_isHost ? [Assembly.GetExecutingAssembly().Location, .. arguments] : arguments;

    // Squid and mitmproxy leave the work to processes that they start.
    private static List<int> Descendants(int root)
    {
        List<int> found = [root];
        if (!OperatingSystem.IsLinux())
        {
            return found;
        }

        for (int index = 0; index < found.Count; index++)
        {
            string children = $"/proc/{found[index]}/task/{found[index]}/children";
            if (File.Exists(children))
            {
                found.AddRange(File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
            }
        }

        return found;
    }

    private static TimeSpan CpuOf(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return process.TotalProcessorTime;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has just ended.
            return TimeSpan.Zero;
        }
    }
}
