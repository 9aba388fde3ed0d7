using Microsoft.CodeAnalysis;

namespace OutboundInterception.Tests.Verification;

/// <summary>One file of the sandbox corpus, compiled against the stub of the contracts that lies beside it.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="IsDenied">Whether it must be refused.</param>
/// <param name="Compilation">The file with the output of source generators.</param>
/// <param name="Assembly">What the compiler made of it.</param>
internal sealed record CorpusSnippet(string Name, bool IsDenied, Compilation Compilation, byte[] Assembly)
{
    /// <summary>Reads one file. Unsafe code is allowed to those that do not compile without.</summary>
    public static CorpusSnippet Read(string file, bool isDenied, MetadataReference contracts)
    {
        string name = Path.GetFileName(file);
        (string, string) source = (file, File.ReadAllText(file));
        IReadOnlyList<Diagnostic> errors = [];
        // Without optimisation nothing that the source says is left out; with it the shapes are those of a deployment.
        OptimizationLevel optimization = isDenied ? OptimizationLevel.Debug : OptimizationLevel.Release;
        foreach (bool allowUnsafe in isDenied ? [false, true] : new[] { false })
        {
            Compilation compilation = TenantCompiler.Create("Snippet_" + Path.GetFileNameWithoutExtension(file), contracts, allowUnsafe, optimization, source);
            (byte[]? assembly, errors) = TenantCompiler.Emit(compilation);
            if (assembly is not null)
            {
                return new CorpusSnippet(name, isDenied, compilation, assembly);
            }
        }

        throw new InvalidOperationException($"{name} does not compile: {string.Join('\n', errors)}");
    }
}
