using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>Scans one piece of tenant code for what the sandbox policy refuses.</summary>
/// <param name="judge">The policy.</param>
/// <param name="report">Gets each finding with its place.</param>
/// <param name="reach">Gets each member that the code uses; <see langword="null"/> where nobody follows calls.</param>
internal sealed class SandboxScan(SandboxJudge judge, Action<Finding, Location> report, Action<ISymbol, IOperation>? reach = null)
{
    private readonly GeneratedShapes _shapes = new(judge.Making);

    /// <summary>Scans a body, initialiser or attribute.</summary>
    public void Body(IOperation root, CancellationToken cancellationToken) => OperationWalk.Visit(root, Visit, cancellationToken);

    /// <summary>Checks the types in a method's signature.</summary>
    public void Signature(IMethodSymbol method, Func<Location> location)
    {
        Mention(method.ReturnType, location);
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            Mention(parameter.Type, location);
        }

        Constraints(method.TypeParameters, location);
        CheckArguments(method, location);
    }

    /// <summary>Checks what type parameters are constrained to.</summary>
    public void Constraints(IEnumerable<ITypeParameterSymbol> parameters, Func<Location> location)
    {
        foreach (ITypeSymbol constraint in parameters.SelectMany(parameter => parameter.ConstraintTypes))
        {
            Mention(constraint, location);
        }
    }

    /// <summary>Checks a type that is mentioned.</summary>
    public void Mention(ITypeSymbol? type, Func<Location> location)
    {
        if (type is not null && (judge.Mention(type) ?? judge.Making.OfArguments(type)) is { } finding)
        {
            report(finding, location());
        }
    }

    /// <summary>Checks a member that is used without an operation: in an attribute, or by the compiler.</summary>
    public void Call(ISymbol? member, Func<Location> location)
    {
        if (member is not null && judge.Call(member) is { } finding)
        {
            report(finding, location());
        }
    }

    private void Visit(IOperation operation)
    {
        if (operation.Type is { } type && judge.Mention(type) is { } mentioned)
        {
            Report(mentioned, operation);
        }

        if (OperationUses.Shape(operation) is { } shape)
        {
            report(shape, Place(operation));
        }

        foreach (ITypeSymbol? used in OperationUses.Types(operation))
        {
            if (used is not null && (judge.Mention(used) ?? judge.Making.OfArguments(used)) is { } finding)
            {
                Report(finding, operation);
            }
        }

        foreach (ISymbol? member in OperationUses.Members(operation))
        {
            if (member is not null)
            {
                Member(member, operation);
            }
        }

        if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
        {
            IMethodSymbol function = operation is IAnonymousFunctionOperation lambda ? lambda.Symbol : ((ILocalFunctionOperation)operation).Symbol;
            Function(function, operation);
        }
    }

    private void Function(IMethodSymbol function, IOperation operation)
    {
        IEnumerable<ITypeSymbol> types = function.Parameters.Select(parameter => parameter.Type)
            .Concat(function.TypeParameters.SelectMany(parameter => parameter.ConstraintTypes)).Append(function.ReturnType);
        foreach (ITypeSymbol type in types)
        {
            if (judge.Mention(type) is { } finding)
            {
                Report(finding, operation);
            }
        }

        CheckArguments(function, () => Place(operation));
    }

    private void CheckArguments(IMethodSymbol method, Func<Location> location)
    {
        if (method.IsVararg)
        {
            report(new Finding("__arglist", "it reads memory by types that nobody checks"), location());
        }
    }

    private void Member(ISymbol member, IOperation operation)
    {
        if (judge.Call(member) is { } refused)
        {
            Report(refused, operation);
        }
        else if ((TypeArguments(member) ?? judge.Making.OfCall(member)) is { } argument)
        {
            Report(argument, operation);
        }

        judge.Generics.Note(member, () => Place(operation));
        reach?.Invoke(member, operation);
    }

    private Finding? TypeArguments(ISymbol member)
    {
        Finding? finding = null;
        if (member is IMethodSymbol { IsGenericMethod: true } method)
        {
            foreach (ITypeSymbol argument in method.TypeArguments)
            {
                finding ??= judge.Mention(argument);
            }
        }

        for (INamedTypeSymbol? type = member.ContainingType; finding is null && type is not null; type = type.ContainingType)
        {
            foreach (ITypeSymbol argument in type.TypeArguments)
            {
                finding ??= judge.Mention(argument);
            }
        }

        return finding;
    }

    private void Report(Finding finding, IOperation operation)
    {
        if (!_shapes.Allow(finding, operation))
        {
            report(finding, Place(operation));
        }
    }

    private static Location Place(IOperation operation) => operation.Syntax switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Name.GetLocation(),
        MemberAccessExpressionSyntax access => access.Name.GetLocation(),
        SyntaxNode syntax => syntax.GetLocation(),
    };
}
