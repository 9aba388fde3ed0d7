using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers.Tests;

[Category("Corpus")]
public sealed class CorpusProbe
{
    [Test]
    public async Task Corpus()
    {
        string folder = Environment.GetEnvironmentVariable("OUTBOUND_SANDBOX_CORPUS") ?? "/work/shared/corpus/sandbox";
        string stub = await File.ReadAllTextAsync(Path.Combine(folder, "stub.cs"));
        foreach (string kind in new[] { "deny", "allow" })
        {
            int reported = 0, all = 0;
            foreach (string file in Directory.GetFiles(Path.Combine(folder, kind), "*.cs").Order())
            {
                all++;
                string text = await File.ReadAllTextAsync(file);
                var compilation = Compiled.Generate(Compiled.CompileBare(kind == "deny", Compiled.Parse(text, Path.GetFileName(file)), Compiled.Parse(stub, "stub.cs")));
                var errors = compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
                foreach (var e in errors) TestContext.Out.WriteLine("COMPILE " + Path.GetFileName(file) + " " + e);
                var found = await Compiled.ReportAsync(compilation, Compiled.Analyzers, ("OutboundTenantAssembly", "true"));
                if (found.Any(d => d.Id is "OBI001")) reported++;
                if (kind == "deny" && !found.Any(d => d.Id is "OBI001")) TestContext.Out.WriteLine("MISSED " + Path.GetFileName(file));
                foreach (var d in found) TestContext.Out.WriteLine((kind == "allow" ? "WRONG " : "  ok ") + Path.GetFileName(file) + " " + d);
            }

            TestContext.Out.WriteLine($"{kind} {reported}/{all}");
        }
    }
}
