using System.Diagnostics;

namespace OutboundInterception.Browser.Tests;

/// <summary>The example platform as a process of its own, serving.</summary>
internal sealed class RunningStorefront : IDisposable
{
    private readonly Process _process;

    private RunningStorefront(Process process, string url)
    {
        _process = process;
        Url = url;
    }

    public string Url { get; }

    public string Dashboard => Url + "/_outbound/";

    public static async Task<RunningStorefront> StartAsync()
    {
        Process process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Storefront.Customer).Assembly.Location, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Serving on ", StringComparison.Ordinal))
            {
                // What it prints from here on is not read, but must not stop it.
                _ = process.StandardOutput.ReadToEndAsync();
                return new RunningStorefront(process, line.Trim()["Serving on ".Length..].Split(". Try")[0]);
            }
        }

        throw new InvalidOperationException("The example platform did not come up.");
    }

    public async Task AskAsync(string tenant)
    {
        using HttpClient client = new() { DefaultRequestHeaders = { Host = $"{tenant}.apps.example.com" } };
        using HttpResponseMessage response = await client.GetAsync(Url);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
