using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OutboundInterception.AspNetCore.Tests;

[CancelAfter(60_000)]
public partial class ReadmeTests
{
    [Test]
    public async Task Samples_AsTheyStand_AreTheOnesThatAreCompiledHere()
    {
        string folder = Folder();
        string readme = await File.ReadAllTextAsync(Path.Combine(folder, "..", "..", "README.md"));
        string compiled = Words(await File.ReadAllTextAsync(Path.Combine(folder, "ReadmeSamples.cs")));
        string[] samples = [.. Sample().Matches(readme).Select(match => match.Groups[1].Value)];

        Assert.That(samples, Has.Length.EqualTo(3));
        foreach (string part in samples.SelectMany(sample => sample.Split("\n\napp.").Select((part, index) => index == 0 ? part : "app." + part)))
        {
            Assert.That(compiled, Does.Contain(Words(part)));
        }
    }

    [Test]
    public async Task Samples_Run_ApiSeesTheTokenAndTheHookIsCalledAfterTheResponse()
    {
        TaskCompletionSource<string> hook = new();
        string? authorization = null;
        WebApplicationBuilder originBuilder = Quiet();
        await using WebApplication origin = originBuilder.Build();
        origin.MapGet("/orders", http =>
        {
            authorization = http.Request.Headers.Authorization;
            return http.Response.WriteAsJsonAsync(new[] { "one", "two" });
        });
        origin.MapPost("/seen", async http =>
        {
            using StreamReader reader = new(http.Request.Body);
            hook.SetResult(await reader.ReadToEndAsync());
        });
        await origin.StartAsync();
        await using WebApplication app = ReadmeSamples.Build(
            Quiet(), added => added.Route("api.example.com", origin.Urls.First()).Route("hooks.example.net", origin.Urls.First()));
        await app.StartAsync();
        using HttpClient client = new();
        client.DefaultRequestHeaders.Host = "shop.apps.example.com";

        string answer = await client.GetStringAsync(app.Urls.First());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer, Is.EqualTo("[\"one\",\"two\"]"));
            Assert.That(authorization, Is.EqualTo("Bearer token-for-customer-of-shop"));
            Assert.That(await hook.Task, Is.EqualTo("2"));
        }
    }

    private static WebApplicationBuilder Quiet()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    private static string Words(string text) => Space().Replace(text, string.Empty);

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
