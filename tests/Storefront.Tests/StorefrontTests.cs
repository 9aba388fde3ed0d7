using System.Diagnostics;

namespace Storefront.Tests;

public class StorefrontTests
{
    [Test]
    [CancelAfter(60_000)]
    public async Task Main_Once_EndsWithTheTableAndEachOutcomeAsExpected(CancellationToken cancellationToken)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Customer).Assembly.Location, "--once", "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);

        Assert.That(process.ExitCode, Is.Zero, output + await error);
        Assert.That(output, Does.Match(@"shop +GET +https://api\.example\.com/orders +Sent +200"));
        Assert.That(output, Does.Match(@"naughty +GET +https://evil\.example\.org/ +Blocked +-"));
    }
}
