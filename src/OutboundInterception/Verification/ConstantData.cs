using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace OutboundInterception;

/// <summary>The constants that the C# compiler keeps as fields over the file's own bytes.</summary>
internal sealed class ConstantData(PEReader image, MetadataReader reader, MetadataNames names, SignatureReader signatures)
{
    /// <summary>The class in which the C# compiler puts its own helpers and constants.</summary>
    public const string Details = "<PrivateImplementationDetails>";

    /// <summary>Whether a field lies over bytes of the file.</summary>
    public bool Has(FieldDefinitionHandle field) => reader.GetFieldDefinition(field).GetRelativeVirtualAddress() != 0;

    /// <summary>How many bytes the field has that an instruction names; <see langword="null"/> if it is none of the compiler's constants.</summary>
    public int? SizeOf(Instruction instruction)
    {
        EntityHandle handle = MetadataTokens.EntityHandle(instruction.Operand);
        if (handle.Kind != HandleKind.FieldDefinition || handle.IsNil)
        {
            return null;
        }

        FieldDefinition field = reader.GetFieldDefinition((FieldDefinitionHandle)handle);
        int address = field.GetRelativeVirtualAddress();
        return address == 0 || names.Of(field.GetDeclaringType()).Name != Details ? null : Size(field, address);
    }

    private int? Size(FieldDefinition field, int address)
    {
        SignatureType type = signatures.Read(field.Signature).Return!;
        int size = type.Definition.IsNil
            ? type.Name switch { "System.Byte" or "System.SByte" => 1, "System.Int16" => 2, "System.Int32" => 4, "System.Int64" => 8, _ => 0 }
            : reader.GetTypeDefinition(type.Definition).GetLayout().Size;
        return size >= 0 && size <= image.GetSectionData(address).Length ? size : null;
    }
}
