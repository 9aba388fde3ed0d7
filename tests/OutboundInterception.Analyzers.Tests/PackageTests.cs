namespace OutboundInterception.Analyzers.Tests;

/// <summary>
/// A tenant's project that uses the packed package from a folder, and what a build file can and cannot silence. What it can is
/// refused when the assembly is deployed.
/// </summary>
[Category("Slow")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class PackageTests
{
    private PackedProjects _projects = null!;

    [OneTimeSetUp]
    public async Task PackAsync() => _projects = await PackedProjects.PackAsync();

    [OneTimeTearDown]
    public void Clean() => _projects.Dispose();

    [Test]
    public async Task ForbiddenLine_FailsTheBuildThere_AndWithoutItTheBuildPasses()
    {
        string project = await _projects.ProjectAsync("plain", PackedProjects.Bad);
        (int exitCode, string output) = await PackedProjects.BuildAsync(project);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exitCode, Is.Not.Zero, output);
            Assert.That(output, Does.Contain("Shop.cs(9,25): error OBI001: Tenant code may not use 'new TcpClient'"));
        }

        await File.WriteAllTextAsync(Path.Combine(project, "Shop.cs"), PackedProjects.Good);
        (exitCode, output) = await PackedProjects.BuildAsync(project);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(TenantAssemblyVerifier.Verify(await PackedProjects.AssemblyAsync(project)).Violations, Is.Empty);
    }

    [Test]
    public async Task EverySettingAtOnce_SilencesNothing()
    {
        string project = await _projects.ProjectAsync("settings", "#pragma warning disable\n" + PackedProjects.Bad, properties: """
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
        (int exitCode, string output) = await PackedProjects.BuildAsync(project);

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
        string project = await _projects.ProjectAsync(name, PackedProjects.Bad, properties, targets: targets, reference: reference);
        (int exitCode, string output) = await PackedProjects.BuildAsync(project);
        Assert.That(exitCode, Is.Zero, output);

        VerificationResult result = TenantAssemblyVerifier.Verify(await PackedProjects.AssemblyAsync(project));

        Assert.That(result.Violations.Select(violation => violation.ToString()), Has.Some.Contains("TcpClient"));
    }
}
