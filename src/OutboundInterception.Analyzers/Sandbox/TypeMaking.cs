using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>Finds objects that are made of a type argument, by a constructor that no code names.</summary>
internal sealed class TypeMaking(SandboxJudge judge)
{
    private readonly ConcurrentDictionary<ITypeSymbol, Finding?> _deserialized = new(SymbolEqualityComparer.Default);

    /// <summary>What a call makes of its type arguments: by the policy's word, or by a <c>new()</c> constraint.</summary>
    public Finding? OfCall(ISymbol member)
    {
        Finding? finding = member.ContainingType is { } type ? OfArguments(type) : null;
        if (finding is not null || member is not IMethodSymbol { IsGenericMethod: true } method)
        {
            return finding;
        }

        finding = OfConstraints(method.TypeParameters, method.TypeArguments);
        SandboxMaking making = judge.MakingOf(method);
        if (making != SandboxMaking.None && finding is null)
        {
            foreach (ITypeSymbol argument in method.TypeArguments)
            {
                finding ??= making == SandboxMaking.Activate ? Activated(argument) : Deserialized(argument);
            }
        }

        return finding;
    }

    /// <summary>The same for the type arguments of a type.</summary>
    public Finding? OfArguments(ITypeSymbol type)
    {
        Finding? finding = null;
        for (INamedTypeSymbol? part = type as INamedTypeSymbol; finding is null && part is { IsUnboundGenericType: false }; part = part.ContainingType)
        {
            finding = OfConstraints(part.TypeParameters, part.TypeArguments);
        }

        return finding;
    }

    private Finding? OfConstraints(IReadOnlyList<ITypeParameterSymbol> parameters, IReadOnlyList<ITypeSymbol> arguments)
    {
        Finding? finding = null;
        for (int i = 0; finding is null && i < parameters.Count; i++)
        {
            finding = parameters[i].HasConstructorConstraint ? Activated(arguments[i]) : null;
        }

        return finding;
    }

    private Finding? Activated(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Class, IsAbstract: false } named
        && named.InstanceConstructors.FirstOrDefault(constructor => constructor.Parameters.Length == 0) is { } made
            ? judge.Call(made)
            : null;

    /// <summary>What a serializer would make: elements, type arguments, members, derived types that attributes name.</summary>
    public Finding? Deserialized(ITypeSymbol root) => _deserialized.TryGetValue(root, out Finding? known) ? known : _deserialized.GetOrAdd(root, Walk(root));

    private Finding? Walk(ITypeSymbol root)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var open = new Stack<ITypeSymbol>();
        open.Push(root);
        while (open.Count > 0)
        {
            ITypeSymbol type = open.Pop();
            if (type is IArrayTypeSymbol array)
            {
                open.Push(array.ElementType);
                continue;
            }

            if (type is not INamedTypeSymbol named || !seen.Add(named))
            {
                continue;
            }

            if ((judge.Mention(named) ?? Activated(named)) is { } finding)
            {
                return finding;
            }

            foreach (ITypeSymbol part in named.TypeArguments.Concat(judge.IsOwn(named) ? Parts(named) : []))
            {
                open.Push(part);
            }
        }

        return null;
    }

    private static IEnumerable<ITypeSymbol> Parts(INamedTypeSymbol type)
    {
        IEnumerable<ITypeSymbol> members = type.GetMembers().SelectMany<ISymbol, ITypeSymbol>(member => member switch
        {
            IPropertySymbol { IsStatic: false } property => [property.Type],
            IFieldSymbol { IsStatic: false, IsConst: false } field => [field.Type],
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => constructor.Parameters.Select(parameter => parameter.Type),
            _ => [],
        });
        IEnumerable<ITypeSymbol> derived = type.GetAttributes().SelectMany(attribute => attribute.ConstructorArguments)
            .Where(argument => argument.Kind == TypedConstantKind.Type).Select(argument => argument.Value).OfType<ITypeSymbol>();
        return (type.BaseType is { } parent ? members.Append(parent) : members).Concat(derived);
    }
}
