using System.Net;

namespace OutboundInterception;

/// <summary>
/// The blocks that no public server has, as data: IANA's special-purpose registries
/// (iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry), also where those say "globally
/// reachable", since what is reached there is infrastructure. The first block that matches decides.
/// </summary>
internal static class SpecialBlocks
{
    private static readonly Block[] s_ipv4 =
    [
        new("0.0.0.0/8", AddressKind.ThisNetwork), // RFC 791, section 3.2; Linux delivers 0.0.0.0 to loopback
        new("10.0.0.0/8", AddressKind.Private), // RFC 1918
        new("100.64.0.0/10", AddressKind.SharedCarrier), // RFC 6598; Alibaba's metadata is 100.100.100.200
        new("127.0.0.0/8", AddressKind.Loopback), // RFC 1122, section 3.2.1.3
        new("168.63.129.16/32", AddressKind.AzureWireServer), // public by number, but the host of each Azure machine
        new("169.254.0.0/16", AddressKind.LinkLocal), // RFC 3927; the clouds' metadata is 169.254.169.254
        new("172.16.0.0/12", AddressKind.Private), // RFC 1918
        new("192.0.0.0/24", AddressKind.ProtocolAssignment), // RFC 6890, section 2.1; Oracle's metadata is 192.0.0.192
        new("192.0.2.0/24", AddressKind.Documentation), // RFC 5737
        new("192.31.196.0/24", AddressKind.As112), // RFC 7535
        new("192.52.193.0/24", AddressKind.Amt), // RFC 7450
        new("192.88.99.0/24", AddressKind.SixToFourRelay), // RFC 7526
        new("192.168.0.0/16", AddressKind.Private), // RFC 1918
        new("192.175.48.0/24", AddressKind.As112), // RFC 7534
        new("198.18.0.0/15", AddressKind.Benchmarking), // RFC 2544
        new("198.51.100.0/24", AddressKind.Documentation), // RFC 5737
        new("203.0.113.0/24", AddressKind.Documentation), // RFC 5737
        new("224.0.0.0/4", AddressKind.Multicast), // RFC 5771
        new("255.255.255.255/32", AddressKind.Broadcast), // RFC 8190
        new("240.0.0.0/4", AddressKind.Reserved), // RFC 1112, section 4
    ];

    private static readonly Block[] s_ipv6 =
    [
        new("::/128", AddressKind.Unspecified), // RFC 4291
        new("::1/128", AddressKind.Loopback), // RFC 4291
        new("64:ff9b:1::/48", AddressKind.Nat64Local), // RFC 8215; where the IPv4 address stands is the network's choice
        new("100::/64", AddressKind.Discard), // RFC 6666
        new("100:0:0:1::/64", AddressKind.Dummy), // RFC 9780
        new("2001:2::/48", AddressKind.Benchmarking), // RFC 5180
        new("2001:3::/32", AddressKind.Amt), // RFC 7450
        new("2001:4:112::/48", AddressKind.As112), // RFC 7535
        new("2001:10::/28", AddressKind.Orchid), // RFC 4843
        new("2001:20::/28", AddressKind.Orchid), // RFC 7343
        new("2001::/23", AddressKind.ProtocolAssignment), // RFC 2928
        new("2001:db8::/32", AddressKind.Documentation), // RFC 3849
        new("2620:4f:8000::/48", AddressKind.As112), // RFC 7534
        new("3fff::/20", AddressKind.Documentation), // RFC 9637
        new("2000::/3", AddressKind.Public), // RFC 4291: all that IANA gives out as global unicast
        new("5f00::/16", AddressKind.SegmentRouting), // RFC 9602
        new("fc00::/7", AddressKind.UniqueLocal), // RFC 4193; AWS's metadata is fd00:ec2::254
        new("fe80::/10", AddressKind.LinkLocal), // RFC 4291
        new("fec0::/10", AddressKind.SiteLocal), // RFC 3879
        new("ff00::/8", AddressKind.Multicast), // RFC 4291
    ];

    public static AddressKind OfIPv4(IPAddress address) => Find(s_ipv4, address, AddressKind.Public);

    /// <summary>Without regard to an IPv4 address inside; the rest of the space is nobody's yet.</summary>
    public static AddressKind OfIPv6(IPAddress address) => Find(s_ipv6, address, AddressKind.NotGlobalUnicast);

    private static AddressKind Find(Block[] blocks, IPAddress address, AddressKind otherwise)
    {
        foreach (Block block in blocks)
        {
            if (block.Network.Contains(address))
            {
                return block.Kind;
            }
        }

        return otherwise;
    }

    private readonly struct Block(string network, AddressKind kind)
    {
        public IPNetwork Network { get; } = IPNetwork.Parse(network);

        public AddressKind Kind { get; } = kind;
    }
}
