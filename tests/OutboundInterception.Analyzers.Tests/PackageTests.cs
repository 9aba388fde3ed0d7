using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace OutboundInterception.Analyzers.Tests;

/// <summary>
/// A tenant's project that uses the packed package from a folder, and what a build file can and cannot silence. What it can is
/// refused when the assembly is deployed.
/// </summary>
[Category("Slow")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class PackageTests
{
    private const string Good = """
        using OutboundInterception;

        namespace Tenant;

        public sealed class Shop : ITenantHandler
        {
            public async Task<HttpResponseMessage> FetchAsync(HttpRequestMessage request, TenantContext context, CancellationToken cancellationToken)
            {
                //LINE
                return await context.Http.GetAsync("https://api.example.com/orders", cancellationToken);
            }
        }
        """;

    private const string BadLine = "using var tcp = new System.Net.Sockets.TcpClient(\"10.0.0.1\", 25);";

    private static readonly string s_bad = Good.Replace("//LINE", BadLine, StringComparison.Ordinal);

    private string _folder = "";

    [OneTimeSetUp]
    public async Task PackAsync()
    {
        _folder = Directory.CreateTempSubdirectory("tenant-").FullName;
        string configuration = typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        (int exitCode, string output) = await DotnetAsync(
            _folder, "pack", Path.Combine(Repository(), "src", "OutboundInterception.Abstractions"), "-c", configuration, "--no-build", "-o", Path.Combine(_folder, "feed"), "-p:Version=1.0.0");
        Assert.That(exitCode, Is.Zero, output);
        await File.WriteAllTextAsync(Path.Combine(_folder, "nuget.config"), """
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><clear /><add key="local" value="feed" /></packageSources>
            </configuration>
            """);
    }

    [OneTimeTearDown]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task ForbiddenLine_FailsTheBuildThere_AndWithoutItTheBuildPasses()
    {
        string project = await ProjectAsync("plain", s_bad);
        (int exitCode, string output) = await BuildAsync(project);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exitCode, Is.Not.Zero, output);
            Assert.That(output, Does.Contain("Shop.cs(9,25): error OBI001: Tenant code may not use 'new TcpClient'"));
        }

        await File.WriteAllTextAsync(Path.Combine(project, "Shop.cs"), Good);
        (exitCode, output) = await BuildAsync(project);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(TenantAssemblyVerifier.Verify(await AssemblyAsync(project)).Violations, Is.Empty);
    }

    [Test]
    public async Task EverySettingAtOnce_SilencesNothing()
    {
        string project = await ProjectAsync("settings", "#pragma warning disable\n" + s_bad, properties: """
            <NoWarn>$(NoWarn);OBI001;OBI000</NoWarn><TreatWarningsAsErrors>false</TreatWarningsAsErrors><WarningLevel>0</WarningLevel>
            <WarningsNotAsErrors>OBI001</WarningsNotAsErrors><AnalysisLevel>none</AnalysisLevel><AnalysisMode>None</AnalysisMode>
            <CodeAnalysisRuleSet>none.ruleset</CodeAnalysisRuleSet><_SkipAnalyzers>true</_SkipAnalyzers>
            """, items: """<Analyzer Remove="@(Analyzer)" />""", reference: """ExcludeAssets="analyzers" """);
        await File.WriteAllTextAsync(Path.Combine(project, "none.ruleset"), """
            <RuleSet Name="none" ToolsVersion="17.0"><Rules AnalyzerId="OutboundInterception.Analyzers" RuleNamespace="OBI"><Rule Id="OBI001" Action="None" /></Rules></RuleSet>
            """);
        await File.WriteAllTextAsync(Path.Combine(project, ".editorconfig"), """
            root = true
            [*.cs]
            generated_code = true
            dotnet_diagnostic.OBI001.severity = none
            dotnet_analyzer_diagnostic.severity = none
            """);
        (int exitCode, string output) = await BuildAsync(project);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exitCode, Is.Not.Zero, output);
            Assert.That(output, Does.Contain("error OBI001"));
        }
    }

    [TestCase("RunAnalyzers", "<RunAnalyzers>false</RunAnalyzers>", "", "")]
    [TestCase("removed", "", "", """<Target Name="Remove" AfterTargets="AddOutboundInterceptionAnalyzers"><ItemGroup><Analyzer Remove="@(Analyzer)" /></ItemGroup></Target>""")]
    [TestCase("bare", "", "bare", "")]
    public async Task BuildThatLeavesTheAnalyzerOut_IsCaughtAtDeployment(string name, string properties, string reference, string targets)
    {
        string project = await ProjectAsync(name, s_bad, properties, targets: targets, reference: reference);
        (int exitCode, string output) = await BuildAsync(project);
        Assert.That(exitCode, Is.Zero, output);

        VerificationResult result = TenantAssemblyVerifier.Verify(await AssemblyAsync(project));

        Assert.That(result.Violations.Select(violation => violation.ToString()), Has.Some.Contains("TcpClient"));
    }

    private async Task<string> ProjectAsync(
        string name, string source, string properties = "", string items = "", string targets = "", string reference = "")
    {
        string project = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        string contracts = reference == "bare"
            ? $"""<Reference Include="{typeof(TenantContext).Assembly.Location}" />"""
            : $"""<PackageReference Include="OutboundInterception.Abstractions" Version="1.0.0" {reference}/>""";
        await File.WriteAllTextAsync(Path.Combine(project, "Tenant.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>
                <NuGetAudit>false</NuGetAudit><OutboundTenantAssembly>true</OutboundTenantAssembly>
                {properties}
              </PropertyGroup>
              <ItemGroup>{contracts}{items}</ItemGroup>
              {targets}
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(project, "Shop.cs"), source);
        return project;
    }

    private static Task<byte[]> AssemblyAsync(string project) => File.ReadAllBytesAsync(Path.Combine(project, "bin", "Debug", "net10.0", "Tenant.dll"));

    private static Task<(int ExitCode, string Output)> BuildAsync(string project) => DotnetAsync(project, "build", "-nologo", "-v:q");

    private static async Task<(int ExitCode, string Output)> DotnetAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // Nothing stays behind when the build is done.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    private static string Repository([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
