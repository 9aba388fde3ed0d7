using System.Net;

namespace OutboundInterception;

/// <summary>What <see cref="AddressClassifier"/> found.</summary>
/// <param name="Kind">The kind of the address, or of the IPv4 address inside it.</param>
/// <param name="Embedding">How the IPv4 address is held.</param>
/// <param name="Embedded">The IPv4 address inside, if there is one.</param>
internal readonly record struct AddressVerdict(
    AddressKind Kind, AddressEmbedding Embedding = AddressEmbedding.None, IPAddress? Embedded = null)
{
    /// <summary>
    /// An embedded address is never public, not even a public one: what lies between here and it is a translator or
    /// relay of which nothing is known, and no server that means to be found is named so.
    /// </summary>
    public bool IsPublic => Kind == AddressKind.Public && Embedding == AddressEmbedding.None;

    /// <summary>For records and logs: <c>private</c>, <c>nat64-loopback</c>.</summary>
    public string Word => Embedding switch
    {
        AddressEmbedding.None => KindWord,
        AddressEmbedding.Mapped => $"v4-mapped-{KindWord}",
        AddressEmbedding.Compatible => $"v4-compatible-{KindWord}",
        AddressEmbedding.Translated => $"siit-translated-{KindWord}",
        AddressEmbedding.Nat64 => $"nat64-{KindWord}",
        AddressEmbedding.SixToFour => $"6to4-{KindWord}",
        AddressEmbedding.Teredo => $"teredo-{KindWord}",
        _ => $"isatap-{KindWord}",
    };

    private string KindWord => Kind switch
    {
        AddressKind.Public => "public",
        AddressKind.ThisNetwork => "this-network",
        AddressKind.Unspecified => "unspecified",
        AddressKind.Loopback => "loopback",
        AddressKind.Private => "private",
        AddressKind.UniqueLocal => "unique-local",
        AddressKind.SharedCarrier => "cgnat",
        AddressKind.LinkLocal => "link-local",
        AddressKind.SiteLocal => "site-local",
        AddressKind.Scoped => "scoped",
        AddressKind.AzureWireServer => "azure-wireserver",
        AddressKind.ProtocolAssignment => "protocol-assignment",
        AddressKind.Documentation => "documentation",
        AddressKind.Benchmarking => "benchmarking",
        AddressKind.Multicast => "multicast",
        AddressKind.Broadcast => "broadcast",
        AddressKind.Reserved => "reserved",
        AddressKind.As112 => "as112",
        AddressKind.Amt => "amt",
        AddressKind.SixToFourRelay => "6to4-relay",
        AddressKind.Orchid => "orchid",
        AddressKind.Nat64Local => "nat64-local",
        AddressKind.Discard => "discard",
        AddressKind.Dummy => "dummy",
        AddressKind.SegmentRouting => "srv6-sid",
        _ => "not-global-unicast",
    };
}
