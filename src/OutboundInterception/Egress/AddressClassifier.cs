using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OutboundInterception;

/// <summary>
/// Says whether an address is one that a stranger on the internet could have. A list of what is forbidden always has
/// gaps in IPv6, so there it is the other way round: only <c>2000::/3</c> is public, less its special blocks, and each
/// form that holds an IPv4 address is judged by that.
/// </summary>
internal static class AddressClassifier
{
    public static AddressVerdict Classify(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return new AddressVerdict(SpecialBlocks.OfIPv4(address));
        }

        if (address.ScopeId != 0)
        {
            return new AddressVerdict(AddressKind.Scoped);
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        AddressEmbedding embedding = FindEmbedding(bytes, out uint embedded);
        if (embedding == AddressEmbedding.None)
        {
            return new AddressVerdict(SpecialBlocks.OfIPv6(address));
        }

        // ISATAP is a mark within any prefix; if the prefix itself is not public, that says more.
        if (embedding == AddressEmbedding.Isatap && SpecialBlocks.OfIPv6(address) is not AddressKind.Public and var kind)
        {
            return new AddressVerdict(kind);
        }

        IPAddress inner = ToIPAddress(embedded);
        return new AddressVerdict(SpecialBlocks.OfIPv4(inner), embedding, inner);
    }

    private static AddressEmbedding FindEmbedding(ReadOnlySpan<byte> bytes, out uint embedded)
    {
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        uint middle = (uint)(low >> 32);
        embedded = (uint)low;

        if (high == 0)
        {
            return middle switch
            {
                // Not :: and ::1, which are themselves.
                0 when embedded > 1 => AddressEmbedding.Compatible,
                0x0000_ffff => AddressEmbedding.Mapped,
                0xffff_0000 => AddressEmbedding.Translated,
                _ => AddressEmbedding.None,
            };
        }

        if (high == 0x0064_ff9b_0000_0000 && middle == 0)
        {
            return AddressEmbedding.Nat64;
        }

        if (high >> 48 == 0x2002)
        {
            embedded = (uint)(high >> 16);
            return AddressEmbedding.SixToFour;
        }

        if (high >> 32 == 0x2001_0000)
        {
            embedded = ~embedded;
            return AddressEmbedding.Teredo;
        }

        // The two lowest bits of the first octet are the universal/local and the group bit (RFC 4291, appendix A).
        return (middle & 0xfcff_ffff) == 0x0000_5efe ? AddressEmbedding.Isatap : AddressEmbedding.None;
    }

    private static IPAddress ToIPAddress(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return new IPAddress(bytes);
    }
}
