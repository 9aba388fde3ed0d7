using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>Where a value outlives its dispatch: in a static, in a field or property of a handler, or in what one of these holds.</summary>
internal static class SharedPlaces
{
    private static readonly HashSet<string> s_holders = new(StringComparer.Ordinal)
    {
        "AsyncLocal", "ChannelWriter", "ConditionalWeakTable", "StrongBox", "TaskCompletionSource", "ThreadLocal", "WeakReference",
    };

    /// <summary>The member that an assignment leads to; <see langword="null"/> if it is not shared.</summary>
    public static ISymbol? Of(IOperation? target) => target switch
    {
        IConversionOperation conversion => Of(conversion.Operand),
        IArrayElementReferenceOperation element => Of(element.ArrayReference),
        IConditionalAccessInstanceOperation => null,
        ILocalReferenceOperation { Local.IsRef: true } local => LocalValues.Of(local) is { Count: > 0 } values ? Of(values[0]) : null,
        IEventReferenceOperation raised => OfEvent(raised),
        IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } reference =>
            reference.Member.IsStatic || IsHandlers(reference) ? reference.Member : Of(reference.Instance),
        _ => null,
    };

    /// <summary>The event, where it is a static or a handler's.</summary>
    public static ISymbol? OfEvent(IEventReferenceOperation raised) =>
        raised.Member.IsStatic || IsHandlers(raised) ? raised.Member : Of(raised.Instance);

    /// <summary>The member that a call puts its arguments into: a collection or holder, or what it is given by reference.</summary>
    public static ISymbol? Filled(IInvocationOperation call)
    {
        IOperation? receiver = call.Instance ?? (call.TargetMethod.IsExtensionMethod ? call.Arguments.FirstOrDefault()?.Value : null);
        while (receiver is IConversionOperation conversion)
        {
            receiver = conversion.Operand;
        }

        if (receiver?.Type is { } type && Holds(type) && Of(receiver) is { } collection)
        {
            return collection;
        }

        return call.Arguments.Where(argument => argument.Parameter is { RefKind: RefKind.Ref or RefKind.Out })
            .Select(argument => Of(argument.Value)).FirstOrDefault(place => place is not null);
    }

    private static bool Holds(ITypeSymbol type) =>
        type.ContainingNamespace?.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal) == true
        || (s_holders.Contains(type.Name) && type.ContainingNamespace?.ToDisplayString().StartsWith("System", StringComparison.Ordinal) == true);

    private static bool IsHandlers(IMemberReferenceOperation reference) =>
        reference.Instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } self
        && (KnownTypes.Implements(self.Type, KnownTypes.TenantHandler) || KnownTypes.Implements(reference.Member.ContainingType, KnownTypes.TenantHandler));
}
