using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace OutboundInterception.Tests.Verification;

/// <summary>Writes assemblies that no C# compiler writes: one class <c>Tenant</c> with one static method <c>Go</c>.</summary>
internal sealed class IlAssembly
{
    private readonly BlobBuilder _il = new();
    private readonly MethodBodyStreamEncoder _bodies;
    private readonly AssemblyReferenceHandle _runtime;

    public IlAssembly(string name = "Tenant")
    {
        _bodies = new MethodBodyStreamEncoder(_il);
        Metadata.AddModule(0, Metadata.GetOrAddString(name + ".dll"), Metadata.GetOrAddGuid(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)), default, default);
        Metadata.AddAssembly(Metadata.GetOrAddString(name), new Version(1, 0), default, default, default, AssemblyHashAlgorithm.None);
        _runtime = Assembly("System.Runtime");
        Metadata.AddTypeDefinition(default, default, Metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        Object = Type("System", "Object");
    }

    /// <summary>The tables.</summary>
    public MetadataBuilder Metadata { get; } = new();

    /// <summary><c>System.Object</c>.</summary>
    public TypeReferenceHandle Object { get; }

    /// <summary>Further attributes of <c>Go</c>.</summary>
    public MethodAttributes Attributes { get; set; }

    /// <summary>How <c>Go</c> is implemented.</summary>
    public MethodImplAttributes Implementation { get; set; } = MethodImplAttributes.IL;

    /// <summary>References an assembly.</summary>
    public AssemblyReferenceHandle Assembly(string name) =>
        Metadata.AddAssemblyReference(Metadata.GetOrAddString(name), new Version(10, 0), default, default, default, default);

    /// <summary>References a type of <c>System.Runtime</c>.</summary>
    public TypeReferenceHandle Type(string space, string name) => Metadata.AddTypeReference(_runtime, Metadata.GetOrAddString(space), Metadata.GetOrAddString(name));

    /// <summary>A signature or other blob.</summary>
    public BlobHandle Blob(params byte[] bytes) => Metadata.GetOrAddBlob(bytes);

    /// <summary>A method of another type.</summary>
    public MemberReferenceHandle Member(EntityHandle parent, string name, params byte[] signature) =>
        Metadata.AddMemberReference(parent, Metadata.GetOrAddString(name), Blob(signature));

    /// <summary>Writes the file.</summary>
    /// <param name="code">The body of <c>Go</c>; <see langword="null"/> for <c>ret</c>.</param>
    /// <param name="locals">The blob of its locals' signature.</param>
    public byte[] Build(byte[]? code = null, byte[]? locals = null)
    {
        var instructions = new InstructionEncoder(new BlobBuilder());
        instructions.CodeBuilder.WriteBytes(code ?? [0x2a]);
        StandaloneSignatureHandle signature = locals is null ? default : Metadata.AddStandaloneSignature(Blob(locals));
        int offset = _bodies.AddMethodBody(instructions, 8, signature, MethodBodyAttributes.InitLocals);
        Metadata.AddTypeDefinition(
            TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed, default, Metadata.GetOrAddString("Tenant"), Object,
            MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        Metadata.AddMethodDefinition(
            MethodAttributes.Public | MethodAttributes.Static | Attributes, Implementation, Metadata.GetOrAddString("Go"), Blob(0, 0, 1), offset, MetadataTokens.ParameterHandle(1));
        var image = new ManagedPEBuilder(new PEHeaderBuilder(imageCharacteristics: Characteristics.Dll), new MetadataRootBuilder(Metadata, suppressValidation: true), _il);
        var bytes = new BlobBuilder();
        image.Serialize(bytes);
        return bytes.ToArray();
    }

    /// <summary>The bytes of a token, as an operand.</summary>
    public static byte[] Token(EntityHandle handle) => BitConverter.GetBytes(MetadataTokens.GetToken(handle));
}
