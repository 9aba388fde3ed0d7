using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>The object that an operation calls.</summary>
internal static class Receivers
{
    /// <summary>Its static type; <see langword="null"/> if there is none.</summary>
    public static ITypeSymbol? ReceiverType(this IOperation operation) => operation switch
    {
        IInvocationOperation invocation => invocation.Instance?.Type,
        IMemberReferenceOperation reference => reference.Instance?.Type,
        IEventAssignmentOperation { EventReference: IEventReferenceOperation reference } => reference.Instance?.Type,
        _ => null,
    };
}
