using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers.Tests;

/// <summary>What every rule promises: a place that explains it, and a compiler that can load it.</summary>
public sealed class RuleTests
{
    private static IEnumerable<DiagnosticDescriptor> Rules =>
        Compiled.Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).DistinctBy(rule => rule.Id);

    [Test]
    public async Task HelpLink_LeadsToAHeadingOfTheReadme()
    {
        string[] headings = [.. (await File.ReadAllLinesAsync(Path.Combine(Folder(), "..", "..", "README.md"))).Where(line => line.StartsWith("### OBI", StringComparison.Ordinal))];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(headings.Select(heading => "#" + heading["### ".Length..].ToLowerInvariant()), Is.EquivalentTo(Rules.Select(rule => new Uri(rule.HelpLinkUri).Fragment)));
            Assert.That(Rules.Count(), Is.EqualTo(10));
        }
    }

    // The first SDK of .NET 10 has Roslyn 5.0.0; a compiler skips an analyzer that was built against a newer one, with a warning.
    [Test]
    public void Analyzers_ReferToNoNewerCompilerThanTheFirstOfDotNet10() => Assert.That(
        typeof(GuardedAnalyzer).Assembly.GetReferencedAssemblies().Where(reference => reference.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)).Select(reference => reference.Version),
        Is.Not.Empty.And.All.LessThanOrEqualTo(new Version(5, 0, 0, 0)));

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
