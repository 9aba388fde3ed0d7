using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OutboundInterception.Analyzers;

/// <summary>Binds the bodies of members on demand, so that an assembly pays for what its tenants reach and no more.</summary>
internal sealed class MemberBodies(Compilation compilation)
{
    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];

    /// <summary>The body of a method, accessor or constructor.</summary>
    public IEnumerable<IOperation> Of(ISymbol member) =>
        member.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).SelectMany(Bodies).Select(Bind).OfType<IOperation>();

    /// <summary>The initialiser of a field, property or event.</summary>
    public IEnumerable<IOperation> OfInitializer(ISymbol member) =>
        member.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax())
            .Select(syntax => syntax switch
            {
                VariableDeclaratorSyntax declarator => declarator.Initializer,
                PropertyDeclarationSyntax property => property.Initializer,
                _ => null,
            })
            .OfType<SyntaxNode>().Select(Bind).OfType<IOperation>();

    private static IEnumerable<SyntaxNode> Bodies(SyntaxNode declaration) => declaration switch
    {
        TypeDeclarationSyntax type => type.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>() ?? [],
        _ => [declaration],
    };

    private IOperation? Bind(SyntaxNode syntax)
    {
        if (!_models.TryGetValue(syntax.SyntaxTree, out SemanticModel? model))
        {
            // RS1030: only what tenants reach is bound, once and at the end, rather than every body of the host's.
#pragma warning disable RS1030
            _models.Add(syntax.SyntaxTree, model = compilation.GetSemanticModel(syntax.SyntaxTree));
#pragma warning restore RS1030
        }

        return model.GetOperation(syntax);
    }
}
