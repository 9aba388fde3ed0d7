using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OutboundInterception;

/// <summary>
/// An address as one number: IPv4 in its mapped form (<c>::ffff:0:0/96</c>), so that <c>127.0.0.1</c> and
/// <c>::ffff:127.0.0.1</c>, which reach the same peer, are the same key. A scope id is not part of it.
/// </summary>
internal static class AddressKey
{
    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    public static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static bool IsIPv4(UInt128 key, out uint address)
    {
        address = (uint)key;
        return key >> 32 == MappedPrefix >> 32;
    }
}
