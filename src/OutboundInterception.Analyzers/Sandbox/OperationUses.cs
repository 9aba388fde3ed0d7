using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>The types and members that one operation uses, those included that only the compiler writes.</summary>
internal static class OperationUses
{
    /// <summary>Types, apart from the operation's own.</summary>
    public static IEnumerable<ITypeSymbol?> Types(IOperation operation) => operation switch
    {
        ITypeOfOperation typeOf => [typeOf.TypeOperand],
        ISizeOfOperation sizeOf => [sizeOf.TypeOperand],
        IIsTypeOperation isType => [isType.TypeOperand],
        ICatchClauseOperation clause => [clause.ExceptionType],
        IVariableDeclaratorOperation declarator => [declarator.Symbol.Type],
        IDeclarationPatternOperation pattern => [pattern.MatchedType, pattern.NarrowedType],
        IRecursivePatternOperation pattern => [pattern.MatchedType, pattern.NarrowedType],
        ITypePatternOperation pattern => [pattern.MatchedType],
        IPatternOperation pattern => [pattern.NarrowedType],
        ISpreadOperation spread => [spread.ElementType],
        IInvocationOperation { ConstrainedToType: { } type } => [type],
        IMemberReferenceOperation { ConstrainedToType: { } type } => [type],
        _ => [],
    };

    /// <summary>Methods, accessors and fields.</summary>
    public static IEnumerable<ISymbol?> Members(IOperation operation) => operation switch
    {
        IInvocationOperation invocation => [invocation.TargetMethod],
        IObjectCreationOperation creation => [creation.Constructor],
        IMethodReferenceOperation reference => [reference.Method],
        IFieldReferenceOperation reference => [reference.Field],
        IPropertyReferenceOperation reference => Accessors(reference),
        IEventAssignmentOperation { EventReference: IEventReferenceOperation reference } assignment =>
            [assignment.Adds ? reference.Event.AddMethod : reference.Event.RemoveMethod],
        IBinaryOperation binary => [binary.OperatorMethod],
        IUnaryOperation unary => [unary.OperatorMethod],
        IIncrementOrDecrementOperation increment => [increment.OperatorMethod],
        ICompoundAssignmentOperation compound =>
            [compound.OperatorMethod, compound.InConversion.MethodSymbol, compound.OutConversion.MethodSymbol],
        IConversionOperation conversion => [conversion.OperatorMethod],
        IArgumentOperation argument => [argument.InConversion.MethodSymbol, argument.OutConversion.MethodSymbol],
        ICoalesceOperation coalesce => [coalesce.ValueConversion.MethodSymbol],
        IRecursivePatternOperation pattern => [pattern.DeconstructSymbol],
        IListPatternOperation pattern => [Getter(pattern.LengthSymbol), Getter(pattern.IndexerSymbol)],
        ISlicePatternOperation pattern => [Getter(pattern.SliceSymbol)],
        IImplicitIndexerReferenceOperation reference => [Getter(reference.LengthSymbol), Getter(reference.IndexerSymbol)],
        ICollectionExpressionOperation collection => (collection.Type?.GetMembers("Add") ?? []).Prepend(collection.ConstructMethod),
        ISpreadOperation spread => [spread.ElementConversion.MethodSymbol],
        IWithOperation with => [with.CloneMethod],
        IForEachLoopOperation or IAwaitOperation or IUsingOperation or IUsingDeclarationOperation or IDeconstructionAssignmentOperation =>
            PatternCalls.Of(operation),
        _ => [],
    };

    /// <summary>Why an operation may not stand in tenant code whatever it names; <see langword="null"/> if it may.</summary>
    public static Finding? Shape(IOperation operation) => operation switch
    {
        IDynamicInvocationOperation or IDynamicMemberReferenceOperation or IDynamicIndexerAccessOperation or IDynamicObjectCreationOperation =>
            new Finding("dynamic", "it binds names at run time, which nobody can check"),
        // Written as a number it names no member that the policy could refuse.
        IArgumentOperation { Parameter.Type.Name: "LayoutKind", Value.ConstantValue: { HasValue: true, Value: 2 } } =>
            new Finding("LayoutKind.Explicit", "fields that overlap give one object the type of another"),
        IAddressOfOperation or IFunctionPointerInvocationOperation => new Finding(operation.Syntax.ToString(), "pointers reach all memory"),
        _ => null,
    };

    private static ISymbol? Getter(ISymbol? member) => member is IPropertySymbol property ? property.GetMethod : member;

    private static IEnumerable<ISymbol?> Accessors(IPropertyReferenceOperation reference)
    {
        IPropertySymbol property = reference.Property;
        IMethodSymbol? getter = Inherited(property, static property => property.GetMethod);
        IMethodSymbol? setter = Inherited(property, static property => property.SetMethod);
        return reference.Parent switch
        {
            ISimpleAssignmentOperation assignment when assignment.Target == reference => property.ReturnsByRef ? [getter] : [setter],
            ICompoundAssignmentOperation assignment when assignment.Target == reference => [getter, setter],
            ICoalesceAssignmentOperation assignment when assignment.Target == reference => [getter, setter],
            IIncrementOrDecrementOperation => [getter, setter],
            ITupleOperation { Parent: IDeconstructionAssignmentOperation deconstruction } tuple when deconstruction.Target == tuple => [setter],
            ITupleOperation { Parent: ITupleOperation } => [getter, setter],
            _ => [getter],
        };
    }

    // An override may have one accessor only; the other is its base's.
    private static IMethodSymbol? Inherited(IPropertySymbol property, Func<IPropertySymbol, IMethodSymbol?> accessor)
    {
        for (IPropertySymbol? at = property; at is not null; at = at.OverriddenProperty)
        {
            if (accessor(at) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
