using System.Diagnostics;

namespace Storefront.Tests;

public class StorefrontTests
{
    [Test]
    [CancelAfter(180_000)]
    public async Task Main_Once_EndsWithTheTableAndEachOutcomeAsExpected(CancellationToken cancellationToken)
    {
        (int exitCode, string output, string error) = await RunAsync([], cancellationToken);

        Assert.That(exitCode, Is.Zero, output + error);
        Assert.That(output, Does.Match(@"shop +GET +https://api\.example\.com/orders +Sent +200"));
        Assert.That(output, Does.Match(@"naughty +GET +https://evil\.example/ +Blocked +-"));
        Assert.That(output, Does.Match(@"naughty +GET +http://169\.254\.169\.254/ +Blocked +-"));
        Assert.That(output, Does.Match(@"naughty +CONNECT +https://hooks\.example\.net/ +Rejected +-"));
        Assert.That(output, Does.Match(@"greeter +GET +https://api\.example\.com/greeting +Sent +200"));
        Assert.That(output, Does.Match(@"refused: smuggler\s+SmugglerHandler\.cs\(10.*\): error "));
        Assert.That(output, Does.Match(@"(?s)(mailer +POST +https://hooks\.example\.net/seen +Sent +200.*){2}"));
    }

    [Test]
    [CancelAfter(180_000)]
    public async Task Main_OnceWithAnUpstreamThatIsDown_EndsWithOneAndSaysWhich(CancellationToken cancellationToken)
    {
        (int exitCode, _, string error) = await RunAsync(["--upstream", "http://127.0.0.1:1"], cancellationToken);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("Unexpected: shop: status 502 instead of 200"));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(Customer).Assembly.Location, "--once", "--urls", "http://127.0.0.1:0", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output, await error);
    }
}
