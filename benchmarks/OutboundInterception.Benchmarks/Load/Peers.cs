namespace OutboundInterception.Benchmarks;

/// <summary>Other people's programs that do what the library does, or what it is used instead of.</summary>
internal static class Peers
{
    public const string InstallWorkerd = "not installed: npm install --prefix benchmarks/peers workerd";
    public const string InstallSquid = "not installed: apt-get install squid";
    public const string InstallMitmproxy = "not installed: apt-get install mitmproxy";

    /// <summary>The original's runtime, with a dispatcher, a tenant and an outbound worker; null where it is not installed.</summary>
    public static async Task<ChildProcess?> StartWorkerdAsync(string origin)
    {
        // The package's own program, not its script: that one starts it as another process.
        string? program = Find("workerd", "benchmarks/peers/node_modules/@cloudflare/workerd-linux-64/bin/workerd");
        if (program is null)
        {
            return null;
        }

        int port = LoopbackPort.Free();
        string directory = Directory.CreateTempSubdirectory("workerd-").FullName;
        string file = Path.Combine(directory, "chain.capnp");
        await File.WriteAllTextAsync(file, WorkerdConfiguration.Create(port, origin));
        return await ChildProcess.StartAsync(program, ["serve", file], port, () => Directory.Delete(directory, recursive: true));
    }

    public static async Task<ChildProcess?> StartSquidAsync()
    {
        if (Find("squid", "/usr/sbin/squid") is not { } program)
        {
            return null;
        }

        int port = LoopbackPort.Free();
        string directory = Directory.CreateTempSubdirectory("squid-").FullName;
        string file = Path.Combine(directory, "squid.conf");
        await File.WriteAllTextAsync(file, $"""
            http_port 127.0.0.1:{port}
            http_access allow all
            cache deny all
            memory_cache_shared off
            access_log none
            cache_log /dev/null
            pid_filename none
            shutdown_lifetime 0 seconds

            """);

        // A name of its own: what an instance that was killed left in shared memory stops the next one of that name.
        return await ChildProcess.StartAsync(program, ["-N", "-n", $"bench{port}", "-f", file], port, () => Directory.Delete(directory, recursive: true));
    }

    public static async Task<ChildProcess?> StartMitmproxyAsync()
    {
        if (Find("mitmdump") is not { } program)
        {
            return null;
        }

        int port = LoopbackPort.Free();
        string directory = Directory.CreateTempSubdirectory("mitmproxy-").FullName;
        return await ChildProcess.StartAsync(
            program,
            ["--quiet", "--listen-host", "127.0.0.1", "--listen-port", $"{port}", "--set", $"confdir={directory}"],
            port,
            () => Directory.Delete(directory, recursive: true));
    }

    private static string? Find(string name, params string[] elsewhere) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(directory => Path.Combine(directory, name))
            .Concat(elsewhere)
            .FirstOrDefault(File.Exists);
}
