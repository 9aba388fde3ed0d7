using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>What a dispatch's context is, gave, or is caught in.</summary>
internal static class PerDispatchValues
{
    // How many local variables a value is followed through.
    private const int MaxLocals = 4;

    private static readonly string[] s_carriers =
    [
        "System.Net.Http.HttpMessageInvoker", "System.Net.Http.HttpMessageHandler", "System.Net.Http.HttpResponseMessage", "System.Net.Http.HttpContent",
        "System.IO.Stream", "System.Net.WebSockets.WebSocket", "System.Threading.Tasks.Task", "System.Threading.Tasks.ValueTask",
    ];

    /// <summary>The part of a value that belongs to the dispatch; <see langword="null"/> if none does.</summary>
    public static IOperation? In(IOperation? value) => In(value, MaxLocals);

    private static IOperation? In(IOperation? value, int depth) => value switch
    {
        null => null,
        IConversionOperation conversion => In(conversion.Operand, depth),
        IParenthesizedOperation parentheses => In(parentheses.Operand, depth),
        IAwaitOperation await => Carries(await.Type) ? In(await.Operation, depth) : null,
        IParameterReferenceOperation or IInstanceReferenceOperation when IsContext(value.Type) => value,
        IPropertyReferenceOperation { Instance: { } instance } property => IsContext(instance.Type)
            ? property.Type?.SpecialType == SpecialType.System_String ? null : value
            : Carries(property.Type) && In(instance, depth) is not null ? value : null,
        IInvocationOperation call => Carries(call.Type) && In(Receiver(call), depth) is not null ? value : null,
        IObjectCreationOperation creation => Any(creation.Arguments.Select(argument => argument.Value), depth) ?? In(creation.Initializer, depth),
        IAnonymousObjectCreationOperation creation => In(creation.Initializers, depth),
        IObjectOrCollectionInitializerOperation initializer => Any(initializer.Initializers.SelectMany(Added), depth),
        IAssignmentOperation assignment => In(assignment.Value, depth),
        IConditionalOperation conditional => In(conditional.WhenTrue, depth) ?? In(conditional.WhenFalse, depth),
        ICoalesceOperation coalesce => In(coalesce.Value, depth) ?? In(coalesce.WhenNull, depth),
        IConditionalAccessOperation access => In(access.Operation, depth) is not null && Carries(access.Type) ? value : null,
        ISwitchExpressionOperation choice => Any(choice.Arms.Select(arm => arm.Value), depth),
        ITupleOperation tuple => In(tuple.Elements, depth),
        IArrayCreationOperation { Initializer: { } elements } => In(elements.ElementValues, depth),
        ICollectionExpressionOperation collection => In(collection.Elements, depth),
        ISpreadOperation spread => In(spread.Operand, depth),
        IDelegateCreationOperation creation => In(creation.Target, depth),
        IMethodReferenceOperation method => In(method.Instance, depth),
        IAnonymousFunctionOperation lambda => Captured(lambda),
        ILocalReferenceOperation when IsContext(value.Type) => value,
        ILocalReferenceOperation local when depth > 0 => LocalValues.Of(local).Any(given => In(given, depth - 1) is not null) ? value : null,
        _ => null,
    };

    // An element of a collection's initialiser is a call of Add.
    private static IEnumerable<IOperation> Added(IOperation element) =>
        element is IInvocationOperation call ? call.Arguments.Select(argument => argument.Value) : [element];

    private static IOperation? In(IReadOnlyList<IOperation> values, int depth) => Any(values, depth);

    private static IOperation? Any(IEnumerable<IOperation> values, int depth) => values.Select(part => In(part, depth)).FirstOrDefault(part => part is not null);

    private static IOperation? Receiver(IInvocationOperation call) =>
        call.Instance ?? (call.TargetMethod.IsExtensionMethod ? call.Arguments.FirstOrDefault()?.Value : null)
            ?? call.Arguments.Select(argument => argument.Value).FirstOrDefault(argument => In(argument) is not null);

    // A lambda that is kept keeps what it caught; a context among its own parameters is another dispatch's.
    private static IOperation? Captured(IAnonymousFunctionOperation lambda)
    {
        IOperation? captured = null;
        OperationWalk.Visit(
            lambda.Body,
            operation =>
            {
                if (captured is null && (operation switch
                {
                    IParameterReferenceOperation parameter => IsContext(parameter.Type) && IsOutside(parameter.Parameter, lambda),
                    ILocalReferenceOperation local => IsOutside(local.Local, lambda) && (IsContext(local.Type) || (Carries(local.Type) && In(local) is not null)),
                    _ => false,
                }))
                {
                    captured = operation;
                }
            },
            CancellationToken.None);
        return captured;
    }

    private static bool IsOutside(ISymbol variable, IAnonymousFunctionOperation lambda) =>
        variable.DeclaringSyntaxReferences.FirstOrDefault() is not { } declaration || !lambda.Syntax.FullSpan.Contains(declaration.Span);

    private static bool IsContext(ITypeSymbol? type) => KnownTypes.Is(type, KnownTypes.TenantContext);

    // What stops working with its dispatch; text and data that came through it do not.
    private static bool Carries(ITypeSymbol? type)
    {
        if (type?.ContainingNamespace?.ToDisplayString() is "OutboundInterception")
        {
            return true;
        }

        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (s_carriers.Any(carrier => KnownTypes.Is(at, carrier)))
            {
                return true;
            }
        }

        return false;
    }
}
