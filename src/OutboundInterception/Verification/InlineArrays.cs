using System.Globalization;
using System.Reflection.Metadata;

namespace OutboundInterception;

/// <summary>
/// Checks the calls of the compiler's helpers for inline arrays. The helpers take one type for another, which is sound for a struct
/// that is an inline array and an index within it.
/// </summary>
internal sealed class InlineArrays(MetadataReader reader, MetadataNames names)
{
    private const string Prefix = "System.Runtime.CompilerServices.InlineArray";

    /// <summary>What is wrong with a call; <see langword="null"/> if nothing is.</summary>
    /// <param name="helper">The helper as called.</param>
    /// <param name="last">The constant that is its last argument; <see langword="null"/> for an index that a loop counts.</param>
    public string? Problem(MemberUse helper, int? last)
    {
        if (helper.Arguments is not [{ Kind: SignatureKind.Named } buffer, _] || Length(buffer) is not { } length)
        {
            return "it is called for something that is no inline array";
        }

        bool isFirst = helper.Name.StartsWith("InlineArrayFirst", StringComparison.Ordinal);
        bool isSpan = helper.Name.StartsWith("InlineArrayAs", StringComparison.Ordinal);
        bool isWithin = last is null ? !isSpan : last >= 0 && (isSpan ? last <= length : last < length);
        return isFirst || isWithin ? null : "it reaches past the end of an inline array";
    }

    private int? Length(SignatureType buffer)
    {
        if (buffer.Assembly is not null)
        {
            string digits = buffer.Name.StartsWith(Prefix, StringComparison.Ordinal) ? buffer.Name[Prefix.Length..].Split('`')[0] : "";
            return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int length) ? length : null;
        }

        foreach (CustomAttributeHandle handle in reader.GetTypeDefinition(buffer.Definition).GetCustomAttributes())
        {
            CustomAttribute attribute = reader.GetCustomAttribute(handle);
            if (attribute.Constructor is { Kind: HandleKind.MemberReference } constructor
                && reader.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } parent
                && names.Of((TypeReferenceHandle)parent).Name == Prefix + "Attribute")
            {
                BlobReader value = reader.GetBlobReader(attribute.Value);
                value.Offset = 2;
                return value.ReadInt32();
            }
        }

        return null;
    }
}
