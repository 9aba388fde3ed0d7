using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace OutboundInterception;

/// <summary>The names of types in one assembly's metadata, with the assembly that declares them.</summary>
internal sealed class MetadataNames(MetadataReader reader, WorkBudget budget)
{
    // C# nests no deeper than a few levels; a cycle in the metadata never ends.
    private const int MaxNesting = 32;

    private readonly SignatureType?[] _references = new SignatureType?[reader.GetTableRowCount(TableIndex.TypeRef) + 1];
    private readonly SignatureType?[] _definitions = new SignatureType?[reader.GetTableRowCount(TableIndex.TypeDef) + 1];
    private Dictionary<string, TypeDefinitionHandle>? _byName;

    /// <summary>A type of the assembly itself.</summary>
    public SignatureType Of(TypeDefinitionHandle handle)
    {
        ref SignatureType? known = ref _definitions[MetadataTokens.GetRowNumber(handle)];
        return known ??= new SignatureType { Kind = SignatureKind.Named, Name = Name(handle, 0), Definition = handle };
    }

    /// <summary>A type of another assembly.</summary>
    public SignatureType Of(TypeReferenceHandle handle)
    {
        ref SignatureType? known = ref _references[MetadataTokens.GetRowNumber(handle)];
        return known ??= Resolve(handle, 0);
    }

    /// <summary>The name of a method or field of the assembly itself, with its type.</summary>
    public string Of(TypeDefinitionHandle type, StringHandle member) => Of(type).Name + "::" + reader.GetString(member);

    /// <summary>A type of the assembly itself by its full name; nil if there is none.</summary>
    public TypeDefinitionHandle Find(string name)
    {
        if (_byName is null)
        {
            _byName = new Dictionary<string, TypeDefinitionHandle>(StringComparer.Ordinal);
            foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
            {
                _byName.TryAdd(Of(handle).Name, handle);
            }
        }

        return _byName.GetValueOrDefault(name);
    }

    private string Name(TypeDefinitionHandle handle, int depth)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        TypeDefinitionHandle outer = type.GetDeclaringType();
        string name = reader.GetString(type.Name);
        return Limit(outer.IsNil ? Join(type.Namespace, name) : Nest(depth, Name(outer, depth + 1), name));
    }

    private SignatureType Resolve(TypeReferenceHandle handle, int depth)
    {
        TypeReference type = reader.GetTypeReference(handle);
        string name = reader.GetString(type.Name);
        switch (type.ResolutionScope.Kind)
        {
            case HandleKind.AssemblyReference:
                AssemblyReference assembly = reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
                return new SignatureType { Kind = SignatureKind.Named, Assembly = reader.GetString(assembly.Name), Name = Limit(Join(type.Namespace, name)) };
            case HandleKind.TypeReference:
                SignatureType outer = depth < MaxNesting ? Resolve((TypeReferenceHandle)type.ResolutionScope, depth + 1) : throw TooDeep();
                return new SignatureType { Kind = SignatureKind.Named, Assembly = outer.Assembly, Name = Limit(outer.Name + "+" + name) };
            default:
                throw new BadImageFormatException("A type reference names neither an assembly nor an outer type.");
        }
    }

    private string Join(StringHandle space, string name) => space.IsNil ? name : reader.GetString(space) + "." + name;

    private static string Nest(int depth, string outer, string name) => depth < MaxNesting ? outer + "+" + name : throw TooDeep();

    private string Limit(string name)
    {
        budget.Spend(name.Length);
        // 1023: what the runtime itself accepts.
        return name.Length <= 1023 ? name : throw new BadImageFormatException("A type's name is longer than 1,023 characters.");
    }

    private static BadImageFormatException TooDeep() => new("Types are nested too deeply.");
}
