using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace OutboundInterception.Tests.Verification;

[Category("Corpus")]
internal sealed class SandboxCorpusTests
{
    /// <summary>A folder with <c>deny/*.cs</c>, <c>allow/*.cs</c> and <c>stub.cs</c>, instead of the copy in the project.</summary>
    private const string Variable = "OUTBOUND_SANDBOX_CORPUS";

    private static readonly Lazy<IReadOnlyList<CorpusSnippet>> s_corpus = new(ReadCorpus);

    [TestCaseSource(typeof(SandboxEnforcer), nameof(SandboxEnforcer.All))]
    public void Check_Corpus_DeniesWhatMustBeDeniedAndNothingElse(SandboxEnforcer enforcer)
    {
        var missed = new ConcurrentBag<string>();
        var seen = new ConcurrentBag<string>();
        var wronglyRefused = new ConcurrentBag<string>();
        Parallel.ForEach(s_corpus.Value, snippet =>
        {
            IReadOnlyList<string> found = enforcer.Check(snippet);
            if (snippet.IsDenied && found.Count == 0 && !enforcer.Blind.ContainsKey(snippet.Name))
            {
                missed.Add(snippet.Name);
            }
            else if (snippet.IsDenied && found.Count > 0 && enforcer.Blind.ContainsKey(snippet.Name))
            {
                seen.Add(snippet.Name);
            }
            else if (!snippet.IsDenied && found.Count > 0)
            {
                wronglyRefused.Add(snippet.Name + ": " + string.Join("\n    ", found));
            }
        });

        int denied = s_corpus.Value.Count(snippet => snippet.IsDenied);
        int blind = s_corpus.Value.Count(snippet => snippet.IsDenied && enforcer.Blind.ContainsKey(snippet.Name));
        TestContext.Out.WriteLine(
            $"{enforcer.Name}: deny {denied - blind - missed.Count} of {denied} refused, {blind} listed as invisible to it; "
            + $"allow {wronglyRefused.Count} of {s_corpus.Value.Count - denied} refused");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(missed.Order(), Is.Empty, "must be refused");
            Assert.That(seen.Order(), Is.Empty, "listed as invisible, and seen all the same");
            Assert.That(wronglyRefused.Order(), Is.Empty, "must pass");
        }
    }

    private static IReadOnlyList<CorpusSnippet> ReadCorpus()
    {
        string folder = Environment.GetEnvironmentVariable(Variable) ?? Path.Combine(AppContext.BaseDirectory, "Verification", "corpus");
        (byte[]? stub, IReadOnlyList<Diagnostic> errors) = TenantCompiler.Emit(
            TenantCompiler.Create("OutboundInterception.Abstractions", TenantCompiler.Framework[0], false, OptimizationLevel.Release, ("stub.cs", File.ReadAllText(Path.Combine(folder, "stub.cs")))));
        MetadataReference contracts = MetadataReference.CreateFromImage(stub ?? throw new InvalidOperationException(string.Join('\n', errors)));
        return
        [
            .. new[] { "deny", "allow" }
                .SelectMany(kind => Directory.GetFiles(Path.Combine(folder, kind), "*.cs").Order(StringComparer.Ordinal).Select(file => (File: file, IsDenied: kind == "deny")))
                .AsParallel().AsOrdered().Select(entry => CorpusSnippet.Read(entry.File, entry.IsDenied, contracts)),
        ];
    }
}
