namespace OutboundInterception;

/// <summary>
/// What an address is for, by IANA's special-purpose registries (RFC 6890) and the blocks that <c>SpecialBlocks</c>
/// adds. Only <see cref="Public"/> is dialled unasked.
/// </summary>
internal enum AddressKind
{
    Public,
    ThisNetwork,
    Unspecified,
    Loopback,
    Private,
    UniqueLocal,
    SharedCarrier,
    LinkLocal,
    SiteLocal,
    Scoped,
    AzureWireServer,
    ProtocolAssignment,
    Documentation,
    Benchmarking,
    Multicast,
    Broadcast,
    Reserved,
    As112,
    Amt,
    SixToFourRelay,
    Orchid,
    Nat64Local,
    Discard,
    Dummy,
    SegmentRouting,
    NotGlobalUnicast,
}
