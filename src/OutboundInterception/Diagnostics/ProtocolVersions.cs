using System.Net;

namespace OutboundInterception;

/// <summary>Versions of HTTP in a byte, as <c>HTTP/1.1</c> has them: one digit each (RFC 9112, section 2.3).</summary>
internal static class ProtocolVersions
{
    public const byte None = 0;

    public static byte ToByte(Version version) => (byte)((int.Clamp(version.Major, 0, 9) << 4) | int.Clamp(version.Minor, 0, 9));

    public static Version? FromByte(byte version) => version switch
    {
        None => null,
        0x10 => HttpVersion.Version10,
        0x11 => HttpVersion.Version11,
        0x20 => HttpVersion.Version20,
        0x30 => HttpVersion.Version30,
        _ => new Version(version >> 4, version & 0xf),
    };
}
