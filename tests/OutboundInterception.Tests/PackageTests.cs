using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace OutboundInterception.Tests;

/// <summary>Packs what is shipped, as it was built for these tests, and looks at what is in it.</summary>
[CancelAfter(300_000)]
public class PackageTests
{
    [TestCase("OutboundInterception.Abstractions", "buildTransitive/OutboundInterception.Abstractions.props", "buildTransitive/OutboundInterception.Abstractions.targets", "analyzers/dotnet/cs/OutboundInterception.Analyzers.dll")]
    [TestCase("OutboundInterception", "ConfigurationSchema.json", "SubrequestRecordSchema.json", "buildTransitive/OutboundInterception.targets")]
    public async Task Pack_Project_HasWhatItsUsersNeed(string project, params string[] files)
    {
        string output = Directory.CreateTempSubdirectory().FullName;
        string configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        using Process process = Process.Start(new ProcessStartInfo(
            "dotnet", ["pack", Path.Combine(Folder(), "..", "..", "src", project), "--configuration", configuration, "--no-build", "--output", output])
        {
            RedirectStandardOutput = true,
        })!;
        string log = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, log);

        await using FileStream file = File.OpenRead(Directory.GetFiles(output, $"{project}.*.nupkg").Single());
        using ZipArchive package = new(file);
        string[] entries = [.. package.Entries.Select(static entry => entry.FullName)];
        using StreamReader nuspec = new(package.GetEntry($"{project}.nuspec")!.Open());
        string description = await nuspec.ReadToEndAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(entries, Is.SupersetOf(files));
            Assert.That(entries, Is.SupersetOf(new[] { "README.md", $"lib/net10.0/{project}.dll", $"lib/net10.0/{project}.xml" }));
            Assert.That(description, Does.Contain("<license type=\"expression\">MIT</license>").And.Contain("<readme>README.md</readme>"));
            Assert.That(entries, Has.None.Matches<string>(static entry => entry!.Contains("Tests")));
        }
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
