using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace OutboundInterception.Analyzers;

/// <summary>Asks the sandbox policy about symbols and remembers the answers of one compilation. Safe for use by several threads.</summary>
internal sealed class SandboxJudge
{
    private readonly IAssemblySymbol _own;
    private readonly Func<ITypeSymbol, bool>? _isGranted;
    private static readonly SymbolDisplayFormat s_typeFormat = SymbolDisplayFormat.CSharpShortErrorMessageFormat;

    private readonly SandboxPolicy _policy = SandboxPolicy.Default;
    private readonly ConcurrentDictionary<ISymbol, Finding?> _mentions = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, Finding?> _definitions = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, SandboxMaking> _makings = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, Finding?> _calls = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IAssemblySymbol, bool> _tenantAssemblies = new(SymbolEqualityComparer.Default);

    /// <param name="own">The assembly that is tenant code, or in which tenants are.</param>
    /// <param name="isGranted">Whether the host gives tenants objects of a type.</param>
    public SandboxJudge(IAssemblySymbol own, Func<ITypeSymbol, bool>? isGranted = null)
    {
        _own = own;
        _isGranted = isGranted;
        Making = new TypeMaking(this);
        Generics = new GenericMaking(this, Making);
    }

    /// <summary>What is made of type arguments.</summary>
    public TypeMaking Making { get; }

    /// <summary>What own generic code makes of its type parameters.</summary>
    public GenericMaking Generics { get; }

    /// <summary>Whether a symbol is the tenants' own: it is in this compilation, or in another marked as tenant code.</summary>
    public bool IsOwn(ISymbol symbol) =>
        symbol.ContainingAssembly is not { } assembly
        || SymbolEqualityComparer.Default.Equals(assembly, _own)
        || _tenantAssemblies.GetOrAdd(assembly, static assembly => TenantCompilation.Mark(assembly) is not null);

    /// <summary>Whether a type may stand there, with all its type arguments.</summary>
    public Finding? Mention(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol named => _mentions.TryGetValue(named, out Finding? known) ? known : _mentions.GetOrAdd(named, MentionNamed(named)),
        IArrayTypeSymbol array => Mention(array.ElementType),
        IPointerTypeSymbol or IFunctionPointerTypeSymbol => _mentions.GetOrAdd(type, static type => new Finding(type.ToDisplayString(s_typeFormat), "pointers reach all memory", type)),
        IDynamicTypeSymbol => _mentions.GetOrAdd(type, static type => new Finding("dynamic", "it binds names at run time, which nobody can check", type)),
        _ => null,
    };

    /// <summary>Whether the type, apart from type arguments, may be derived from or implemented.</summary>
    public Finding? Inherit(INamedTypeSymbol type)
    {
        INamedTypeSymbol definition = type.OriginalDefinition;
        return IsOwn(definition) || IsGranted(definition) ? null : Told(definition, _policy.Check(definition.ContainingAssembly.Name, MetadataName.Of(definition), SandboxRelation.Inherit));
    }

    /// <summary>Whether a method, accessor or field may be used, apart from type arguments.</summary>
    public Finding? Call(ISymbol member)
    {
        ISymbol definition = Definition(member);
        return _calls.TryGetValue(definition, out Finding? known) ? known : _calls.GetOrAdd(definition, CallDefinition(definition));
    }

    /// <summary>What a member makes of its type arguments without naming a constructor.</summary>
    public SandboxMaking MakingOf(IMethodSymbol method)
    {
        ISymbol definition = Definition(method);
        return _makings.TryGetValue(definition, out SandboxMaking known) ? known : _makings.GetOrAdd(definition, Verdict(definition)?.Making ?? SandboxMaking.None);
    }

    private static ISymbol Definition(ISymbol member) =>
        member is IMethodSymbol method ? (method.ReducedFrom ?? method).OriginalDefinition : member.OriginalDefinition;

    private Finding? MentionNamed(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Error)
        {
            return null;
        }

        Finding? finding = _definitions.GetOrAdd(type.OriginalDefinition, MentionDefinition);
        for (INamedTypeSymbol? part = type; finding is null && part is not null; part = part.ContainingType)
        {
            foreach (ITypeSymbol argument in part.TypeArguments)
            {
                finding ??= Mention(argument);
            }
        }

        return finding;
    }

    private Finding? MentionDefinition(ISymbol symbol)
    {
        var type = (INamedTypeSymbol)symbol;
        return IsOwn(type) || IsGranted(type)
            ? null
            : Told(type, _policy.Check(type.ContainingAssembly.Name, MetadataName.Of(type), SandboxRelation.Mention));
    }

    private Finding? CallDefinition(ISymbol member)
    {
        if (Verdict(member) is not { } verdict)
        {
            return null;
        }

        if (verdict.IsAllowed)
        {
            return Signature(member);
        }

        INamedTypeSymbol type = Declaring(member);
        if (member is IFieldSymbol { HasConstantValue: true } && verdict.Shape is null && Mention(type) is { Shape: { } } constant)
        {
            // A constant is inlined where it is used: what holds for its type holds for it.
            return constant;
        }

        string name = member is IMethodSymbol { MethodKind: MethodKind.Constructor }
            ? "new " + type.ToDisplayString(s_typeFormat)
            : type.ToDisplayString(s_typeFormat) + "." + ((member as IMethodSymbol)?.AssociatedSymbol?.Name ?? member.Name);
        return new Finding(name, verdict.Reason, type, verdict.Shape);
    }

    // Metadata names the types of a signature along with the member.
    private Finding? Signature(ISymbol member)
    {
        if (member is not IMethodSymbol method)
        {
            return member is IFieldSymbol field ? Mention(field.Type) : null;
        }

        Finding? finding = Mention(method.ReturnType);
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            finding ??= Mention(parameter.Type);
        }

        return finding;
    }

    // Null for what is the tenants' own, or the host's grant.
    private SandboxVerdict? Verdict(ISymbol member)
    {
        if (member.ContainingType is null || IsOwn(member) || IsGranted(member.ContainingType))
        {
            return null;
        }

        INamedTypeSymbol type = Declaring(member);
        return _policy.CheckMember(
            type.ContainingAssembly.Name, MetadataName.Of(type), member.MetadataName, member is IMethodSymbol method ? MetadataName.OfParameters(method) : []);
    }

    // A member of an extension block is one of the class around it.
    private static INamedTypeSymbol Declaring(ISymbol member)
    {
        INamedTypeSymbol type = member.ContainingType.OriginalDefinition;
        return type.IsExtension ? type.ContainingType : type;
    }

    private bool IsGranted(INamedTypeSymbol type) => _isGranted is not null && _isGranted(type);

    private static Finding? Told(INamedTypeSymbol type, SandboxVerdict verdict) =>
        verdict.IsAllowed ? null : new Finding(type.ToDisplayString(s_typeFormat), verdict.Reason, type, verdict.Shape);
}
