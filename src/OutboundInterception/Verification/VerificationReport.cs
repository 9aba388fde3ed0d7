using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>Collects violations, each with the place that is being looked at.</summary>
internal sealed class VerificationReport(MetadataReader reader, MetadataNames names, SourcePositions positions, int maxViolations)
{
    private readonly List<VerificationViolation> _violations = [];
    private readonly HashSet<(VerificationRule, string, int?, string)> _seen = [];
    private TypeDefinitionHandle _type;
    private MethodDefinitionHandle _method;
    private StringHandle _member;
    private int? _offset;

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<VerificationViolation> Violations => _violations;

    /// <summary>What follows concerns the assembly itself.</summary>
    public void EnterAssembly() => Enter(default, default, default);

    /// <summary>What follows concerns a type.</summary>
    public void Enter(TypeDefinitionHandle type) => Enter(type, default, default);

    /// <summary>What follows concerns a field, property or event.</summary>
    public void Enter(TypeDefinitionHandle type, StringHandle member) => Enter(type, member, default);

    /// <summary>What follows concerns a method.</summary>
    public void Enter(TypeDefinitionHandle type, MethodDefinitionHandle method) => Enter(type, reader.GetMethodDefinition(method).Name, method);

    /// <summary>What follows concerns an instruction of the method; <see langword="null"/> for the method itself.</summary>
    public void At(int? offset) => _offset = offset;

    /// <summary>Adds a violation at the present place.</summary>
    /// <exception cref="TooManyViolationsException">There are as many as the options allow.</exception>
    public void Add(VerificationRule rule, string target, string reason)
    {
        string member = _type.IsNil ? "<assembly>" : _member.IsNil ? names.Of(_type).Name : names.Of(_type, _member);
        if (!_seen.Add((rule, member, _offset, target)))
        {
            return;
        }

        if (_violations.Count >= maxViolations)
        {
            throw new TooManyViolationsException();
        }

        (string? file, int? line) = _method.IsNil ? default : positions.Find(_method, _offset ?? 0);
        _violations.Add(new VerificationViolation(rule, member, _offset, file, line, target, reason));
    }

    /// <summary>Something that adds a violation at the present place when it is called.</summary>
    public Action Later(VerificationRule rule, string target, string reason)
    {
        (TypeDefinitionHandle type, StringHandle member, MethodDefinitionHandle method, int? offset) = (_type, _member, _method, _offset);
        return () =>
        {
            Enter(type, member, method);
            At(offset);
            Add(rule, target, reason);
        };
    }

    private void Enter(TypeDefinitionHandle type, StringHandle member, MethodDefinitionHandle method)
    {
        (_type, _member, _method, _offset) = (type, member, method, null);
    }
}
