using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace OutboundInterception;

/// <summary>
/// The shapes in which compilers use what source code may not. Each looks at the instructions around the use, and no branch may
/// lead into them.
/// </summary>
internal sealed class CompilerShapes(MetadataReader reader, MetadataNames names, MemberUses members, ConstantData data, InlineArrays inlineArrays)
{
    private const string JsonContext = "System.Text.Json.Serialization.JsonSerializerContext";

    // How far before a call its first argument may stand.
    private const int Window = 6;

    /// <summary>The method whose body is being looked at.</summary>
    public MethodDefinition Method { get; set; }

    /// <summary>Whether the use at <paramref name="index"/> has the shape that the policy names.</summary>
    public bool Fits(string shape, InstructionList code, int index, MemberUse use) => shape switch
    {
        "any" or "collection-expression" => true,
        "typeof" => Follows(code, index, ILOpCode.Ldtoken),
        "null-literal" => Follows(code, index, ILOpCode.Ldnull),
        "new-constraint" => use.Arguments is [{ Kind: SignatureKind.TypeParameter or SignatureKind.MethodParameter }],
        "regex-timeout" => Follows(code, index, ILOpCode.Ldstr) && UserString(code[index - 1]) == "REGEX_DEFAULT_MATCH_TIMEOUT",
        "array-data" => Follows(code, index, ILOpCode.Ldtoken) && IsArrayData(code, index - 1),
        "constant-data" => IsConstantData(code, index),
        "stackalloc" => HasBefore(code, index, ILOpCode.Localloc),
        "json-metadata" => MakesAttributeProvider(),
        "json-context" => IsInContext() && (use.Name == "CreateConverter" || IsAskedOfContext(code, index)),
        _ => false,
    };

    /// <summary>What is wrong with the use of a member that is allowed as such; <see langword="null"/> if nothing is.</summary>
    public string? Problem(InstructionList code, int index, MemberUse use)
    {
        if (use.IsDelegateConstructor && code[index].Code == ILOpCode.Newobj && !(code[index - 1].Code is ILOpCode.Ldftn or ILOpCode.Ldvirtftn && !code.IsTarget(index)))
        {
            return "a delegate is made of something else than a method";
        }

        if (!use.IsOwn || use.Owner.Name != ConstantData.Details)
        {
            return null;
        }

        if (!use.Field.IsNil && data.Has(use.Field) && !IsDataUse(code, index))
        {
            return "constant data is used otherwise than by a compiler";
        }

        return use.Name.StartsWith("InlineArray", StringComparison.Ordinal) ? inlineArrays.Problem(use, code[index - 1].Constant) : null;
    }

    /// <summary>Whether a body is one of the compiler's helpers for inline arrays, to the instruction.</summary>
    public bool IsInlineArrayHelper(InstructionList code)
    {
        string shape = string.Concat(Enumerable.Range(0, Math.Min(code.Count, 8)).Select(index => code[index].Code switch
        {
            ILOpCode.Ldarg_0 => "0",
            ILOpCode.Ldarg_1 => "1",
            ILOpCode.Call => "." + members.Resolve(MetadataTokens.EntityHandle(code[index].Operand)).Name + ".",
            ILOpCode.Ret => "r",
            _ => "?",
        }));
        return shape is "0.As.r" or "0.As.1.Add.r" or "0.As.1.CreateSpan.r"
            or "0.AsRef..As.r" or "0.AsRef..As.1.Add.r" or "0.AsRef..As.1.CreateReadOnlySpan.r" or "0.As.1.CreateReadOnlySpan.r";
    }

    /// <summary>Whether a method is one of the compiler's helpers for inline arrays, by its name.</summary>
    public bool IsInlineArrayHelper(MethodDefinition method) =>
        names.Of(method.GetDeclaringType()).Name == ConstantData.Details && reader.GetString(method.Name).StartsWith("InlineArray", StringComparison.Ordinal);

    /// <summary>Whether a <c>ldtoken</c> loads the data of an array initialiser or of a span.</summary>
    public bool IsArrayData(InstructionList code, int index) =>
        code[index + 1].Code == ILOpCode.Call
        && members.Resolve(MetadataTokens.EntityHandle(code[index + 1].Operand)) is { Owner.Name: "System.Runtime.CompilerServices.RuntimeHelpers", Name: "InitializeArray" or "CreateSpan" }
        && data.SizeOf(code[index]) is not null && !code.IsTarget(index + 1);

    private bool IsDataUse(InstructionList code, int index) =>
        code[index].Code == ILOpCode.Ldsflda
        && (IsConstantData(code, index + 2) || code[index + 2].Code == ILOpCode.Cpblk || (code[index + 2].Code == ILOpCode.Unaligned && code[index + 3].Code == ILOpCode.Cpblk));

    private bool IsConstantData(InstructionList code, int index) =>
        code[index].Code is ILOpCode.Newobj or ILOpCode.Call
        && members.Resolve(MetadataTokens.EntityHandle(code[index].Operand)) is { Owner.Name: "System.ReadOnlySpan`1", Name: ".ctor", Owner.Arguments: [{ Name: "System.Byte" or "System.SByte" or "System.Boolean" }] }
        && code[index - 1].Constant is { } length && length >= 0
        && code[index - 2].Code == ILOpCode.Ldsflda && data.SizeOf(code[index - 2]) is { } size && length <= size
        && !code.IsTarget(index) && !code.IsTarget(index - 1);

    private bool MakesAttributeProvider() =>
        members.ReturnType(Method) is { Kind: SignatureKind.Named, Assembly: not null, Name: "System.Reflection.ICustomAttributeProvider" };

    private string? UserString(Instruction instruction) =>
        MetadataTokens.Handle(instruction.Operand) is { Kind: HandleKind.UserString, IsNil: false } handle ? reader.GetUserString((UserStringHandle)handle) : null;

    private bool IsAskedOfContext(InstructionList code, int index)
    {
        for (int i = index - 1; i >= Math.Max(index - Window, 0) && !code.IsTarget(i + 1); i--)
        {
            if (code[i].Code is ILOpCode.Call or ILOpCode.Callvirt
                && members.Resolve(MetadataTokens.EntityHandle(code[i].Operand)) is { Owner: { Assembly: not null, Name: JsonContext }, Name: "get_Options" })
            {
                return true;
            }
        }

        return false;
    }

    private bool IsInContext() => reader.GetTypeDefinition(Method.GetDeclaringType()).BaseType is { Kind: HandleKind.TypeReference } parent
        && names.Of((TypeReferenceHandle)parent) is { Assembly: not null, Name: JsonContext };

    private static bool HasBefore(InstructionList code, int index, ILOpCode wanted)
    {
        for (int i = index - 1; i >= 0; i--)
        {
            if (code[i].Code == wanted)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Follows(InstructionList code, int index, ILOpCode previous) => code[index - 1].Code == previous && !code.IsTarget(index);
}
