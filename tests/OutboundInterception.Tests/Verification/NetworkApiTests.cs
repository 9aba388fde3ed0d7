using Microsoft.CodeAnalysis;

namespace OutboundInterception.Tests.Verification;

/// <summary>The members of the framework from which a network primitive is in reach, as computed over its call graph.</summary>
[Category("Corpus")]
internal sealed class NetworkApiTests
{
    // Over a handler that context.CreateHandler handed out these reach the platform and nothing else, and no other handler can be had.
    private static readonly HashSet<string> s_allowed =
    [
        "M:System.Net.Http.HttpClient.#ctor(System.Net.Http.HttpMessageHandler)",
        "M:System.Net.Http.HttpClient.#ctor(System.Net.Http.HttpMessageHandler,System.Boolean)",
        "M:System.Net.Http.HttpMessageInvoker.#ctor(System.Net.Http.HttpMessageHandler)",
        "M:System.Net.Http.HttpMessageInvoker.#ctor(System.Net.Http.HttpMessageHandler,System.Boolean)",
    ];

    [Test]
    public void Verify_UseOfNetworkMember_IsRefused()
    {
        Compilation framework = TenantCompiler.Create("Framework", TenantCompiler.Contracts, true, OptimizationLevel.Debug);
        Dictionary<string, ISymbol> symbols = [];
        string file = Path.Combine(AppContext.BaseDirectory, "Verification", "corpus", "network-api.tsv");
        string[] ids = [.. File.ReadLines(file).Skip(1).Select(line => line.Split('\t')).Where(row => row[11] == "deny").Select(row => row[2]).Distinct()];
        foreach (string id in ids)
        {
            // The table leaves out the parentheses of a method without parameters, and so does the compiler.
            if (DocumentationCommentId.GetFirstSymbolForDeclarationId(id, framework) is { } symbol)
            {
                symbols.Add(id, symbol);
            }
        }

        Dictionary<string, (string Id, string Source)> uses = [];
        foreach ((string id, ISymbol symbol) in symbols)
        {
            string name = "Use" + uses.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (NetworkApiUses.Write(symbol, name) is { } source)
            {
                uses.Add(name, (id, source));
            }
        }

        HashSet<string> unnameable = Unnameable(uses, out byte[] assembly);
        HashSet<string> refused = [.. TenantAssemblyVerifier.Verify(assembly, new TenantAssemblyVerifierOptions { MaxViolations = 100_000 }).Violations
            .Select(violation => violation.Member.Split("::")[0])];
        string[] passed = [.. uses.Where(use => !unnameable.Contains(use.Key) && !refused.Contains(use.Key)).Select(use => use.Value.Id).Except(s_allowed)];
        TestContext.Out.WriteLine(
            $"{ids.Length} members, {symbols.Count} in the reference assemblies, {uses.Count - unnameable.Count} used in C#, {passed.Length} of those not refused");
        TestContext.Out.WriteLine("Not nameable: " + string.Join(' ', unnameable.Select(name => uses[name].Id)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(passed, Is.Empty);
            Assert.That(uses.Count - unnameable.Count, Is.GreaterThan(1_500));
        }
    }

    /// <summary>Compiles all uses, without those that the compiler does not accept.</summary>
    private static HashSet<string> Unnameable(Dictionary<string, (string Id, string Source)> uses, out byte[] assembly)
    {
        HashSet<string> unnameable = [];
        while (true)
        {
            (string, string)[] sources = [("Prelude.cs", NetworkApiUses.Prelude), .. uses.Where(use => !unnameable.Contains(use.Key))
                .Select(use => (use.Key, "#nullable disable\n#pragma warning disable\n" + use.Value.Source))];
            Compilation compilation = TenantCompiler.Create("Uses", TenantCompiler.Contracts, true, OptimizationLevel.Debug, sources);
            (byte[]? bytes, IReadOnlyList<Diagnostic> errors) = TenantCompiler.Emit(compilation);
            if (bytes is not null)
            {
                assembly = bytes;
                return unnameable;
            }

            int before = unnameable.Count;
            unnameable.UnionWith(errors.Select(error => error.Location.SourceTree!.FilePath));
            Assert.That(unnameable, Has.Count.GreaterThan(before), string.Join('\n', errors));
        }
    }
}
