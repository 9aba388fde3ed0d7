namespace OutboundInterception;

/// <summary>How an IPv6 address holds an IPv4 address, to which something on the way may deliver.</summary>
internal enum AddressEmbedding
{
    None,

    /// <summary><c>::ffff:a.b.c.d</c> (RFC 4291, section 2.5.5.2).</summary>
    Mapped,

    /// <summary><c>::a.b.c.d</c> (RFC 4291, section 2.5.5.1; deprecated).</summary>
    Compatible,

    /// <summary><c>::ffff:0:a.b.c.d</c> (RFC 2765, section 2.1).</summary>
    Translated,

    /// <summary><c>64:ff9b::a.b.c.d</c> (RFC 6052).</summary>
    Nat64,

    /// <summary><c>2002:aabb:ccdd::/48</c> (RFC 3056).</summary>
    SixToFour,

    /// <summary><c>2001::/32</c>, the client's address inverted in the last 32 bits (RFC 4380).</summary>
    Teredo,

    /// <summary>Interface identifier <c>::5efe:a.b.c.d</c> under any prefix (RFC 5214).</summary>
    Isatap,
}
