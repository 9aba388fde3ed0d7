using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>What the host gives its tenants: the types of constructor parameters of handlers, and of what tenant delegates capture.</summary>
internal sealed class HostGrant(IAssemblySymbol own)
{
    // The library refuses them at start-up too.
    private static readonly HashSet<string> s_never = new(StringComparer.Ordinal)
    {
        "System.IServiceProvider", "System.Net.Http.IHttpClientFactory", "System.Net.Http.IHttpMessageHandlerFactory",
        "Microsoft.AspNetCore.Http.IHttpContextAccessor", "Microsoft.Extensions.DependencyInjection.IServiceScopeFactory",
        "OutboundInterception.DispatchNamespace", "OutboundInterception.IDispatchNamespaces",
    };

    private readonly HashSet<INamedTypeSymbol> _types = new(SymbolEqualityComparer.Default);

    /// <summary>Whether the host hands out objects of the type.</summary>
    public bool Contains(ITypeSymbol type) => type is INamedTypeSymbol named && _types.Contains(named.OriginalDefinition);

    /// <summary>Adds what the handlers' constructors take.</summary>
    public void AddConstructors(IEnumerable<INamedTypeSymbol> handlers)
    {
        foreach (IParameterSymbol parameter in handlers.SelectMany(handler => handler.InstanceConstructors).SelectMany(constructor => constructor.Parameters))
        {
            Add(parameter.Type);
        }
    }

    /// <summary>Adds the types of the variables that a lambda takes from around it.</summary>
    public void AddCaptures(IOperation lambda) => OperationWalk.Visit(
        lambda,
        operation =>
        {
            ISymbol? variable = operation switch
            {
                ILocalReferenceOperation local => local.Local,
                IParameterReferenceOperation parameter => parameter.Parameter,
                IInstanceReferenceOperation { Type: { } type } => type,
                _ => null,
            };
            if (variable is ITypeSymbol self)
            {
                Add(self);
            }
            else if (variable?.DeclaringSyntaxReferences.FirstOrDefault() is { } syntax && !lambda.Syntax.FullSpan.Contains(syntax.Span))
            {
                Add(((variable as ILocalSymbol)?.Type ?? (variable as IParameterSymbol)?.Type)!);
            }
        },
        CancellationToken.None);

    private void Add(ITypeSymbol granted)
    {
        var open = new Stack<(ITypeSymbol Type, bool IsDirect)>();
        open.Push((granted, true));
        while (open.Count > 0)
        {
            (ITypeSymbol type, bool isDirect) = open.Pop();
            if (type is IArrayTypeSymbol array)
            {
                open.Push((array.ElementType, isDirect));
                continue;
            }

            if (type is not INamedTypeSymbol named)
            {
                continue;
            }

            foreach (ITypeSymbol argument in named.TypeArguments)
            {
                open.Push((argument, isDirect));
            }

            INamedTypeSymbol definition = named.OriginalDefinition;
            if (!MayGrant(definition, isDirect) || !_types.Add(definition) || IsOwn(definition))
            {
                continue;
            }

            foreach (ITypeSymbol part in Signatures(definition))
            {
                open.Push((part, false));
            }
        }
    }

    private bool IsOwn(INamedTypeSymbol type) => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, own);

    // Of the host's own libraries what the granted types show; of the framework only what is injected, and nothing that the policy speaks of.
    private bool MayGrant(INamedTypeSymbol type, bool isDirect)
    {
        if (type.ContainingAssembly is not { } assembly || s_never.Contains(type.ToDisplayString()))
        {
            return false;
        }

        bool isFramework = assembly.Name.StartsWith("System.", StringComparison.Ordinal) || assembly.Name.StartsWith("Microsoft.", StringComparison.Ordinal);
        return !SandboxPolicy.Default.KnowsAssembly(assembly.Name) && (isDirect || !isFramework) && (isDirect || !IsOwn(type));
    }

    private static IEnumerable<ITypeSymbol> Signatures(INamedTypeSymbol type) =>
        type.AllInterfaces.SelectMany(contract => contract.GetMembers()).Concat(type.GetMembers())
            .Where(member => member.DeclaredAccessibility == Accessibility.Public)
            .SelectMany<ISymbol, ITypeSymbol>(member => member switch
            {
                IMethodSymbol method => [method.ReturnType, .. method.Parameters.Select(parameter => parameter.Type)],
                IPropertySymbol property => [property.Type],
                IFieldSymbol field => [field.Type],
                _ => [],
            });
}
