using System.Diagnostics;
using System.Net;

namespace Storefront.Tests;

public class StorefrontTests
{
    [Test]
    [CancelAfter(60_000)]
    public async Task Main_Once_EndsWithTheTableAndEachOutcomeAsExpected(CancellationToken cancellationToken)
    {
        (int exitCode, string output, string error) = await RunAsync([], cancellationToken);

        Assert.That(exitCode, Is.Zero, output + error);
        Assert.That(output, Does.Match(@"shop +GET +https://api\.example\.com/orders +Sent +200"));
        Assert.That(output, Does.Match(@"naughty +GET +https://evil\.example/ +Blocked +-"));
        Assert.That(output, Does.Match(@"naughty +GET +http://169\.254\.169\.254/ +Blocked +-"));
        Assert.That(output, Does.Match(@"naughty +CONNECT +https://hooks\.example\.net/ +Rejected +-"));
        Assert.That(output, Does.Match(@"(?s)(mailer +POST +https://hooks\.example\.net/seen +Sent +200.*){2}"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Main_OnceWithAnUpstreamThatIsDown_EndsWithOneAndSaysWhich(CancellationToken cancellationToken)
    {
        (int exitCode, _, string error) = await RunAsync(["--upstream", "http://127.0.0.1:1"], cancellationToken);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("Unexpected: shop: status 502 instead of 200"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Main_Serving_ClientGetsWhatTheTenantMadeAndTheRowIsPrinted(CancellationToken cancellationToken)
    {
        using Process process = Start([]);
        try
        {
            string serving = await ReadUntilAsync(process.StandardOutput, "Serving on ", cancellationToken);
            string url = serving.Trim()["Serving on ".Length..].Split(". Try")[0];

            (HttpStatusCode shop, string body) = await AskAsync(url, "shop", cancellationToken);
            string row = await ReadUntilAsync(process.StandardOutput, "https://api.example.com/orders", cancellationToken);
            (HttpStatusCode nobody, string problem) = await AskAsync(url, "nobody", cancellationToken);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(shop, Is.EqualTo(HttpStatusCode.OK));
                Assert.That(body, Does.Contain("\"sub\":\"customer-of-shop\""));
                Assert.That(row, Does.Match(@"shop +GET +https://api\.example\.com/orders +Sent +200"));
                Assert.That(nobody, Is.EqualTo(HttpStatusCode.NotFound));
                Assert.That(problem, Does.Contain("There is no such tenant."));
            }
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<string> ReadUntilAsync(StreamReader output, string text, CancellationToken cancellationToken)
    {
        while (await output.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new AssertionException($"The program ended without printing {text}.");
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(string url, string tenant, CancellationToken cancellationToken)
    {
        using HttpClient client = new() { DefaultRequestHeaders = { Host = $"{tenant}.apps.example.com" } };
        using HttpResponseMessage response = await client.GetAsync(url, cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using Process process = Start(["--once", .. arguments]);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output, await error);
    }

    private static Process Start(string[] arguments) => Process.Start(new ProcessStartInfo(
        "dotnet", [typeof(Customer).Assembly.Location, "--urls", "http://127.0.0.1:0", .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
