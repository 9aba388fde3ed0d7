using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OutboundInterception.Analyzers;

/// <summary>OBI008: an assembly of tenant code is compiled with unsafe blocks allowed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnsafeBlocksAnalyzer : GuardedAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "OBI008";

    internal static readonly DiagnosticDescriptor Allowed = Rule.ErrorAtEnd(
        Id,
        "Unsafe blocks are allowed in tenant code",
        "The assembly '{0}' is tenant code: take AllowUnsafeBlocks out of its project",
        "Unsafe code reads and writes all memory of the process, and generators emit code that the verifier refuses where it is allowed.");

    /// <summary>Makes the analyzer.</summary>
    public UnsafeBlocksAnalyzer()
        : base(Allowed)
    {
    }

    // RS1013: the base class starts every rule at the start of a compilation, where its failure can be told.
#pragma warning disable RS1013
    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (context.Compilation.Options is CSharpCompilationOptions { AllowUnsafe: true } && TenantCompilation.IsTenantAssembly(context.Compilation, context.Options))
        {
            context.RegisterCompilationEndAction(static end => end.ReportDiagnostic(Diagnostic.Create(Allowed, Location.None, end.Compilation.AssemblyName)));
        }
    }
#pragma warning restore RS1013
}
