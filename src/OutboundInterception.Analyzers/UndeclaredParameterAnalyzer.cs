using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>OBI006: an outbound worker reads a parameter that no registration in the compilation declares.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UndeclaredParameterAnalyzer : GuardedAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "OBI006";

    internal static readonly DiagnosticDescriptor Undeclared = Rule.WarningAtEnd(
        Id,
        "An outbound parameter is read that nothing declares",
        "No 'AddOutboundWorker' or 'AddOutboundParameters' declares '{0}', so reading it throws: name it where the worker is added",
        "A namespace knows the parameters that its registration names. Reading another is an InvalidOperationException, which refuses the subrequest.");

    /// <summary>Makes the analyzer.</summary>
    public UndeclaredParameterAnalyzer()
        : base(Undeclared)
    {
    }

    private protected override void Start(CompilationStartAnalysisContext context)
    {
        if (KnownTypes.Find(context.Compilation, KnownTypes.OutboundContext) is null)
        {
            return;
        }

        var reads = new ConcurrentBag<(ISymbol Parameter, Location Location)>();
        var declared = new ConcurrentBag<ISymbol?>();
        context.RegisterOperationAction(
            operation => Guard(operation.ReportDiagnostic, () => operation.Operation.Syntax.GetLocation(), () =>
                Collect((IInvocationOperation)operation.Operation, reads, declared)),
            OperationKind.Invocation);
        context.RegisterCompilationEndAction(end =>
        {
            // A library of workers registers none, and a list that is made elsewhere may name any.
            if (declared.IsEmpty || declared.Any(parameter => parameter is null))
            {
                return;
            }

            var known = new HashSet<ISymbol>(declared.OfType<ISymbol>(), SymbolEqualityComparer.Default);
            foreach ((ISymbol parameter, Location location) in reads.Where(read => !known.Contains(read.Parameter)))
            {
                end.ReportDiagnostic(Diagnostic.Create(Undeclared, location, parameter.ContainingType.Name + "." + parameter.Name));
            }
        });
    }

    // Null among the declared stands for a list that can't be read.
    private static void Collect(IInvocationOperation call, ConcurrentBag<(ISymbol, Location)> reads, ConcurrentBag<ISymbol?> declared)
    {
        if (call.TargetMethod.Name == "Get" && KnownTypes.Is(call.TargetMethod.ContainingType, KnownTypes.OutboundContext)
            && call.Arguments.Length == 1 && Member(call.Arguments[0].Value) is { } read)
        {
            reads.Add((read, call.Arguments[0].Syntax.GetLocation()));
        }
        else if (call.TargetMethod.Name is "AddOutboundWorker" or "AddOutboundParameters")
        {
            foreach (IArgumentOperation argument in call.Arguments.Where(argument => argument.Parameter is { IsParams: true }))
            {
                foreach (IOperation element in Elements(argument.Value))
                {
                    declared.Add(Member(element));
                }

                // Even a registration without parameters shows that the compilation registers.
                declared.Add(call.TargetMethod);
            }
        }
    }

    private static IEnumerable<IOperation> Elements(IOperation list) => list switch
    {
        IConversionOperation conversion => Elements(conversion.Operand),
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
        IArrayCreationOperation => [],
        IInvocationOperation { TargetMethod: { Name: "Empty", ContainingType.Name: "Array" } } => [],
        ICollectionExpressionOperation collection => collection.Elements,
        _ => [list],
    };

    private static ISymbol? Member(IOperation value) => value switch
    {
        IConversionOperation conversion => Member(conversion.Operand),
        IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } reference => reference.Member,
        _ => null,
    };
}
