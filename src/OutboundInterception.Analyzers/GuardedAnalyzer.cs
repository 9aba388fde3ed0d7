using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OutboundInterception.Analyzers;

/// <summary>
/// An analyzer whose own failure is an error: the compiler would otherwise report AD0001, a warning, and let the build pass.
/// It sees generated code too.
/// </summary>
public abstract class GuardedAnalyzer : DiagnosticAnalyzer
{
    internal static readonly DiagnosticDescriptor Failed = Rule.Error(
        "OBI000",
        "Analysis failed",
        "{0} failed, so the code counts as not analysed: {1}",
        "An exception inside an analyzer must not let unchecked code pass.");

    private readonly ImmutableArray<DiagnosticDescriptor> _supported;

    private protected GuardedAnalyzer(params DiagnosticDescriptor[] rules) => _supported = [.. rules, Failed];

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => _supported;

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            try
            {
                Start(start);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Diagnostic diagnostic = Failure(failure, Location.None);
                start.RegisterCompilationEndAction(end => end.ReportDiagnostic(diagnostic));
            }
        });
    }

    /// <summary>Registers what the rule needs in this compilation; whatever it registers goes through <see cref="Guard"/>.</summary>
    private protected abstract void Start(CompilationStartAnalysisContext context);

    /// <summary>Runs one callback; an exception becomes <see cref="Failed"/>.</summary>
    private protected void Guard(Action<Diagnostic> report, Func<Location> location, Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            report(Failure(failure, location()));
        }
    }

    private Diagnostic Failure(Exception failure, Location location) =>
        Diagnostic.Create(Failed, location, GetType().Name, failure.GetType().Name + ": " + failure.Message.Replace('\n', ' '));
}
