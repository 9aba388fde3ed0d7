using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>The types that signatures have a code of their own for, by the names under which the sandbox policy knows them.</summary>
internal static class Primitives
{
    private const string Assembly = "System.Runtime";

    private static readonly SignatureType?[] s_types = Table();

    /// <summary>The type of a code.</summary>
    /// <exception cref="BadImageFormatException">There is none.</exception>
    public static SignatureType Of(SignatureTypeCode code) =>
        (int)code < s_types.Length && s_types[(int)code] is { } type ? type : throw new BadImageFormatException("A signature has an unknown type code.");

    private static SignatureType?[] Table()
    {
        var types = new SignatureType?[0x1d];
        foreach (string name in Enum.GetNames<PrimitiveTypeCode>())
        {
            int code = (int)Enum.Parse<PrimitiveTypeCode>(name);
            types[code] = new SignatureType { Kind = SignatureKind.Named, Assembly = Assembly, Name = "System." + name };
        }

        return types;
    }
}
