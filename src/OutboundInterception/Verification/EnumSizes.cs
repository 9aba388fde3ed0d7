using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>How many bytes the arguments of attributes have.</summary>
internal static class EnumSizes
{
    /// <summary>The code of a primitive type; <see langword="null"/> for any other.</summary>
    public static SerializationTypeCode? CodeOf(string type) => type switch
    {
        "System.Boolean" => SerializationTypeCode.Boolean,
        "System.Char" => SerializationTypeCode.Char,
        "System.SByte" => SerializationTypeCode.SByte,
        "System.Byte" => SerializationTypeCode.Byte,
        "System.Int16" => SerializationTypeCode.Int16,
        "System.UInt16" => SerializationTypeCode.UInt16,
        "System.Int32" => SerializationTypeCode.Int32,
        "System.UInt32" => SerializationTypeCode.UInt32,
        "System.Int64" => SerializationTypeCode.Int64,
        "System.UInt64" => SerializationTypeCode.UInt64,
        "System.Single" => SerializationTypeCode.Single,
        "System.Double" => SerializationTypeCode.Double,
        _ => null,
    };

    /// <summary>How many bytes a primitive value takes.</summary>
    public static int SizeOf(SerializationTypeCode code) => code switch
    {
        SerializationTypeCode.Boolean or SerializationTypeCode.SByte or SerializationTypeCode.Byte => 1,
        SerializationTypeCode.Char or SerializationTypeCode.Int16 or SerializationTypeCode.UInt16 => 2,
        SerializationTypeCode.Int32 or SerializationTypeCode.UInt32 or SerializationTypeCode.Single => 4,
        SerializationTypeCode.Int64 or SerializationTypeCode.UInt64 or SerializationTypeCode.Double => 8,
        _ => throw new BadImageFormatException("An attribute has an argument of an unknown type."),
    };

    // No enumeration on the list that attributes take is of another size; a wrong one shows as a malformed blob.
    /// <summary>The code of the values of a framework's enumeration.</summary>
    public static SerializationTypeCode OfFramework(string type) =>
        CodeOf(type) ?? SerializationTypeCode.Int32;
}
