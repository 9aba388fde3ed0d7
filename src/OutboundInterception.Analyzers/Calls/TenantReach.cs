using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OutboundInterception.Analyzers;

/// <summary>Follows calls from tenant handlers, shortest paths first, and reports what the policy refuses on the way.</summary>
internal sealed class TenantReach(Compilation compilation, HostGrant grant, Action<Diagnostic> report, CancellationToken cancellationToken)
{
    private readonly SandboxJudge _judge = new(compilation.Assembly, grant.Contains);
    private readonly MemberBodies _bodies = new(compilation);
    private readonly Queue<(CallPath Path, ISymbol Member, IEnumerable<IOperation> Roots)> _open = new();
    private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _made = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<(CallPath Path, ISymbol Member)>> _deferred = new(SymbolEqualityComparer.Default);

    /// <summary>Follows everything that the handlers and delegates reach.</summary>
    public void Follow(IEnumerable<INamedTypeSymbol> handlers, IEnumerable<IOperation> delegates)
    {
        foreach (INamedTypeSymbol handler in handlers)
        {
            foreach (IMethodSymbol entry in Overridable(handler).OfType<IMethodSymbol>().Where(method => method.Name.EndsWith("FetchAsync", StringComparison.Ordinal)))
            {
                Enqueue(CallPath.Start(entry.Name), entry);
            }

            Make(CallPath.Start(handler.Name), handler);
            foreach (IMethodSymbol constructor in handler.InstanceConstructors)
            {
                Enqueue(CallPath.Start(handler.Name + "..ctor"), constructor);
            }
        }

        foreach (IOperation target in delegates)
        {
            if (target is IMethodReferenceOperation method)
            {
                Reach(method.Method, target, CallPath.Start("AddTenant"));
            }
            else
            {
                _open.Enqueue((CallPath.Start("AddTenant"), compilation.Assembly, [target]));
            }
        }

        while (_open.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Scan(_open.Dequeue());
        }

        foreach ((Finding finding, Location location) in _judge.Generics.Findings())
        {
            Report(finding, location, CallPath.Start("FetchAsync"));
        }
    }

    private void Scan((CallPath Path, ISymbol Member, IEnumerable<IOperation> Roots) step)
    {
        var findings = new Findings();
        var scan = new SandboxScan(_judge, findings.Add, (member, operation) => Reach(member, operation, step.Path));
        if (step.Member is IMethodSymbol method)
        {
            scan.Signature(method, () => method.Locations.FirstOrDefault() ?? Location.None);
        }
        else if (step.Member is INamedTypeSymbol type)
        {
            DeclarationUses.Check(type, _judge, scan, findings.Add);
        }

        foreach (IOperation root in step.Roots)
        {
            scan.Body(root, cancellationToken);
        }

        foreach ((Finding finding, Location location) in findings.All)
        {
            Report(finding, location, step.Path);
        }
    }

    private void Report(Finding finding, Location location, CallPath path) => report(Diagnostic.Create(
        TenantCallsAnalyzer.Reached, location, TenantCodeAnalyzer.Properties(finding), finding.Name, finding.Reason, path.To(finding)));

    private void Reach(ISymbol member, IOperation operation, CallPath from)
    {
        ISymbol definition = member is IMethodSymbol { ReducedFrom: { } reduced } ? reduced.OriginalDefinition : member.OriginalDefinition;
        if (definition.ContainingType is not { } type
            || !SymbolEqualityComparer.Default.Equals(definition.ContainingAssembly, compilation.Assembly)
            || definition is IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction })
        {
            return;
        }

        INamedTypeSymbol receiver = (operation.ReceiverType() as INamedTypeSymbol)?.OriginalDefinition ?? type;
        bool isConstructor = definition is IMethodSymbol { MethodKind: MethodKind.Constructor };
        CallPath path = from.Then(definition);
        if (!definition.IsStatic && !isConstructor && grant.Contains(receiver) && !_made.Contains(receiver))
        {
            if (!_deferred.TryGetValue(receiver, out List<(CallPath, ISymbol)>? waiting))
            {
                _deferred.Add(receiver, waiting = []);
            }

            waiting.Add((path, definition));
            return;
        }

        if (definition.IsStatic || isConstructor)
        {
            Touch(path, type);
        }

        if (isConstructor)
        {
            Make(path, type);
        }

        Enqueue(path, definition);
    }

    private void Enqueue(CallPath path, ISymbol member)
    {
        ISymbol body = member is IMethodSymbol { PartialImplementationPart: { } part } ? part : member;
        if (_seen.Add(body))
        {
            _open.Enqueue((path, body, _bodies.Of(body)));
        }
    }

    // Static initialisers run when the type is first used.
    private void Touch(CallPath path, INamedTypeSymbol type)
    {
        foreach (ISymbol member in type.GetMembers().Where(member => member.IsStatic && member is IFieldSymbol { IsConst: false } or IPropertySymbol or IEventSymbol or IMethodSymbol { MethodKind: MethodKind.StaticConstructor }))
        {
            if (member.IsStatic)
            {
                EnqueueInitializer(path, member);
            }
        }
    }

    // Of an object that tenant code makes, anything may call what its base types and interfaces promise.
    private void Make(CallPath path, INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type.OriginalDefinition; at is not null && SymbolEqualityComparer.Default.Equals(at.ContainingAssembly, compilation.Assembly); at = at.BaseType?.OriginalDefinition)
        {
            if (!_made.Add(at))
            {
                return;
            }

            _open.Enqueue((path, at, []));
            Touch(path, at);
            foreach (ISymbol member in at.GetMembers().Where(member => !member.IsStatic && member is IFieldSymbol or IPropertySymbol or IEventSymbol))
            {
                EnqueueInitializer(path, member);
            }

            foreach (ISymbol member in Overridable(at))
            {
                Enqueue(path.Then(member), member);
            }

            if (at.BaseType?.InstanceConstructors.FirstOrDefault(constructor => constructor.Parameters.Length == 0) is { } parent
                && SymbolEqualityComparer.Default.Equals(parent.ContainingAssembly, compilation.Assembly))
            {
                Enqueue(path.Then(parent), parent.OriginalDefinition);
            }

            if (_deferred.TryGetValue(at, out List<(CallPath Path, ISymbol Member)>? waiting))
            {
                _deferred.Remove(at);
                waiting.ForEach(call => Enqueue(call.Path, call.Member));
            }
        }
    }

    private void EnqueueInitializer(CallPath path, ISymbol member)
    {
        if (member is IMethodSymbol)
        {
            Enqueue(path.Then(member), member);
        }
        else if (_seen.Add(member))
        {
            _open.Enqueue((path.Then(member), member, _bodies.OfInitializer(member)));
        }
    }

    private static IEnumerable<ISymbol> Overridable(INamedTypeSymbol type)
    {
        IEnumerable<ISymbol> overrides = type.GetMembers().Where(member => member is IMethodSymbol { IsImplicitlyDeclared: false } method
            && (method.IsOverride || method.MethodKind == MethodKind.Destructor || !method.ExplicitInterfaceImplementations.IsEmpty));
        IEnumerable<ISymbol> implementations = type.AllInterfaces.SelectMany(contract => contract.GetMembers().OfType<IMethodSymbol>())
            .Select(type.FindImplementationForInterfaceMember).OfType<ISymbol>()
            .Where(member => SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, type.ContainingAssembly));
        return overrides.Concat(implementations).Select(member => member.OriginalDefinition);
    }
}
