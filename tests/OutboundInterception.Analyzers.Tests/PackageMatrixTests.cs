namespace OutboundInterception.Analyzers.Tests;

/// <summary>
/// Every setting by which a build file might silence the packed analyzer, each alone, and every way by which the package comes into a
/// project. One build makes them all: most of a build is its start.
/// </summary>
[Category("Slow")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class PackageMatrixTests
{
    private static readonly string s_sockets = PackedProjects.With("using var tcp = await context.Sockets.ConnectAsync(\"db.example.com\", 5432, null, cancellationToken);");

    private PackedProjects _projects = null!;
    private string _output = "";

    [OneTimeSetUp]
    public async Task BuildAllAsync()
    {
        _projects = await PackedProjects.PackAsync();
        await SettingAsync("globalconfig", file: (".globalconfig", "is_global = true\nglobal_level = 9999\ndotnet_diagnostic.OBI001.severity = none\ndotnet_analyzer_diagnostic.severity = none\n"));
        await SettingAsync("editorconfig", file: (".editorconfig", "root = true\n[*.cs]\ngenerated_code = true\ndotnet_diagnostic.OBI001.severity = none\n"));
        await SettingAsync("ruleset", "<CodeAnalysisRuleSet>none.ruleset</CodeAnalysisRuleSet>", ("none.ruleset", """
            <RuleSet Name="none" ToolsVersion="17.0"><Rules AnalyzerId="OutboundInterception.Analyzers" RuleNamespace="OBI"><Rule Id="OBI001" Action="None" /></Rules></RuleSet>
            """));
        await SettingAsync("nowarn", "<NoWarn>$(NoWarn);OBI001;OBI000</NoWarn>");
        await SettingAsync("warnings-not-as-errors", "<WarningsNotAsErrors>OBI001</WarningsNotAsErrors><TreatWarningsAsErrors>false</TreatWarningsAsErrors>");
        await SettingAsync("analysis-level", "<AnalysisLevel>none</AnalysisLevel><AnalysisMode>None</AnalysisMode>");
        await SettingAsync("warning-level", "<WarningLevel>0</WarningLevel>");
        await SettingAsync("skip-analyzers", "<_SkipAnalyzers>true</_SkipAnalyzers>");
        await SettingAsync("global-nowarn");
        await SettingAsync("run-analyzers", "<RunAnalyzers>false</RunAnalyzers>");
        await SettingAsync("run-analyzers-during-build", "<RunAnalyzersDuringBuild>false</RunAnalyzersDuringBuild>");
        await _projects.ProjectAsync("workers", s_sockets, "<OutboundTenantHasOutboundWorkers>true</OutboundTenantHasOutboundWorkers>");
        await _projects.ProjectAsync("no-workers", s_sockets);

        // The package is two references away.
        string library = await _projects.ProjectAsync("library", "public static class Library;", "<OutboundTenantAssembly>false</OutboundTenantAssembly><AssemblyName>Library</AssemblyName>");
        await _projects.ProjectAsync("middle", "public static class Middle;", "<OutboundTenantAssembly>false</OutboundTenantAssembly><AssemblyName>Middle</AssemblyName>", reference: Reference(library));
        await _projects.ProjectAsync("far", PackedProjects.Bad, reference: Reference(Path.Combine(_projects.Folder, "middle")));

        await File.WriteAllTextAsync(Path.Combine(_projects.Folder, "all.proj"), """
            <Project DefaultTargets="Build">
              <ItemGroup>
                <Tenant Include="*/Tenant.csproj" />
                <Tenant Update="global-nowarn/Tenant.csproj" AdditionalProperties="NoWarn=OBI001%3BOBI000;WarningsNotAsErrors=OBI001" />
              </ItemGroup>
              <Target Name="Restore"><MSBuild Projects="@(Tenant)" Targets="Restore" /></Target>
              <Target Name="Build"><MSBuild Projects="@(Tenant)" Targets="Build" BuildInParallel="true" ContinueOnError="ErrorAndContinue" /></Target>
            </Project>
            """);
        (_, _output) = await PackedProjects.DotnetAsync(_projects.Folder, "build", "all.proj", "-nologo", "-v:q", "-m");
    }

    [OneTimeTearDown]
    public void Clean() => _projects.Dispose();

    [TestCase("globalconfig")]
    [TestCase("editorconfig")]
    [TestCase("ruleset")]
    [TestCase("nowarn")]
    [TestCase("global-nowarn")]
    [TestCase("warnings-not-as-errors")]
    [TestCase("analysis-level")]
    [TestCase("warning-level")]
    [TestCase("skip-analyzers")]
    public void SettingAlone_SilencesNothing(string name) => Assert.That(Errors(name), Has.Some.Contains("Shop.cs(9,25): error OBI001"), _output);

    [TestCase("run-analyzers")]
    [TestCase("run-analyzers-during-build")]
    public async Task SettingThatLeavesTheAnalyzerOut_BuildPassesAndTheAssemblyIsRefused(string name)
    {
        Assert.That(Errors(name), Is.Empty, _output);

        VerificationResult result = TenantAssemblyVerifier.Verify(await PackedProjects.AssemblyAsync(Path.Combine(_projects.Folder, name)));

        Assert.That(result.Violations.Select(violation => violation.ToString()), Has.Some.Contains("TcpClient"));
    }

    [Test]
    public void PackageOfAReferencedProject_BringsTheAnalyzerAlong() => Assert.That(Errors("far"), Has.Some.Contains("Shop.cs(9,25): error OBI001"), _output);

    [Test]
    public void OutboundTenantHasOutboundWorkers_RawSocketIsAnErrorWithItAlone()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Errors("workers"), Has.Some.Contains("error OBI004"), _output);
            Assert.That(Errors("no-workers"), Is.Empty, _output);
            Assert.That(File.Exists(Path.Combine(_projects.Folder, "no-workers", "bin", "Debug", "net10.0", "Tenant.dll")));
        }
    }

    private static string Reference(string folder) => $"""<ProjectReference Include="{Path.Combine(folder, "Tenant.csproj")}" />""";

    private async Task SettingAsync(string name, string properties = "", (string Name, string Text)? file = null)
    {
        string project = await _projects.ProjectAsync(name, PackedProjects.Bad, properties);
        if (file is { } settings)
        {
            await File.WriteAllTextAsync(Path.Combine(project, settings.Name), settings.Text);
        }
    }

    private string[] Errors(string project) =>
        [.. _output.Split('\n').Where(line => line.Contains(": error ", StringComparison.Ordinal) && line.Contains($"{Path.DirectorySeparatorChar}{project}{Path.DirectorySeparatorChar}", StringComparison.Ordinal))];
}
