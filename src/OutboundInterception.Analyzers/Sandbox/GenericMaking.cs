using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>
/// Follows type arguments through the tenants' own generic code to where an object is made of them:
/// <c>T Read&lt;T&gt;(string json) => JsonSerializer.Deserialize&lt;T&gt;(json)</c>. Known when all code has been seen.
/// </summary>
internal sealed class GenericMaking(SandboxJudge judge, TypeMaking making)
{
    private readonly ConcurrentBag<ITypeParameterSymbol> _made = [];
    private readonly ConcurrentBag<(ITypeParameterSymbol Inner, ITypeParameterSymbol Outer)> _flows = [];
    private readonly ConcurrentBag<(ITypeParameterSymbol Parameter, Finding Finding, Location Location)> _pending = [];

    /// <summary>Notes one use of a member.</summary>
    public void Note(ISymbol member, Func<Location> location)
    {
        if (member is IMethodSymbol { IsGenericMethod: true } method && judge.MakingOf(method) != SandboxMaking.None)
        {
            foreach (ITypeParameterSymbol parameter in method.TypeArguments.SelectMany(Parameters))
            {
                _made.Add(parameter.OriginalDefinition);
            }
        }
        else if (judge.IsOwn(member))
        {
            if (member is IMethodSymbol { IsGenericMethod: true } generic)
            {
                NoteArguments(generic.TypeParameters, generic.TypeArguments, location);
            }

            for (INamedTypeSymbol? type = member.ContainingType; type is not null; type = type.ContainingType)
            {
                NoteArguments(type.TypeParameters, type.TypeArguments, location);
            }
        }
    }

    /// <summary>What was given to own generic code that makes objects of it, and may not be made.</summary>
    public IEnumerable<(Finding Finding, Location Location)> Findings()
    {
        if (_made.IsEmpty || _pending.IsEmpty)
        {
            return [];
        }

        ILookup<ISymbol, ITypeParameterSymbol> outer = _flows.ToLookup(flow => (ISymbol)flow.Inner, flow => flow.Outer, (IEqualityComparer<ISymbol>)SymbolEqualityComparer.Default);
        var made = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var open = new Stack<ITypeParameterSymbol>(_made);
        while (open.Count > 0)
        {
            ITypeParameterSymbol parameter = open.Pop();
            if (made.Add(parameter))
            {
                foreach (ITypeParameterSymbol next in outer[parameter].Concat(Declared(parameter)))
                {
                    open.Push(next);
                }
            }
        }

        return _pending.Where(pending => made.Contains(pending.Parameter)).Select(pending => (pending.Finding, pending.Location));
    }

    private void NoteArguments(IReadOnlyList<ITypeParameterSymbol> parameters, IReadOnlyList<ITypeSymbol> arguments, Func<Location> location)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            ITypeParameterSymbol parameter = parameters[i].OriginalDefinition;
            if (making.Deserialized(arguments[i]) is { } finding)
            {
                _pending.Add((parameter, finding, location()));
            }

            foreach (ITypeParameterSymbol given in Parameters(arguments[i]))
            {
                _flows.Add((parameter, given.OriginalDefinition));
            }
        }
    }

    // A call by way of a base class or interface names that one's type parameter.
    private static IEnumerable<ITypeParameterSymbol> Declared(ITypeParameterSymbol parameter)
    {
        if (parameter.DeclaringMethod is not { ContainingType: { } type } method)
        {
            return [];
        }

        IEnumerable<IMethodSymbol> contracts = type.AllInterfaces.SelectMany(contract => contract.GetMembers().OfType<IMethodSymbol>())
            .Where(contract => contract.Arity == method.Arity && SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(contract), method));
        return contracts.Concat(method.OverriddenMethod is { } overridden ? [overridden] : [])
            .Select(contract => contract.OriginalDefinition.TypeParameters[parameter.Ordinal]);
    }

    private static IEnumerable<ITypeParameterSymbol> Parameters(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => [parameter],
        IArrayTypeSymbol array => Parameters(array.ElementType),
        INamedTypeSymbol { IsGenericType: true } named => named.TypeArguments.SelectMany(Parameters),
        _ => [],
    };
}
