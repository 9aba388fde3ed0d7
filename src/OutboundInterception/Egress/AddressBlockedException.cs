using System.Net;

namespace OutboundInterception;

/// <summary>
/// The address guard does not let a connection out. It names an internal address, so it is for the host's record only:
/// a tenant gets an exception without it.
/// </summary>
internal sealed class AddressBlockedException(string host, IPAddress address, string reason) : HttpRequestException(
    HttpRequestError.ConnectionError,
    $"The host '{host}' has the address {address} ({reason}), which is not open to tenants. If it should be, add its "
        + $"network to {nameof(EgressOptions)}.{nameof(EgressOptions.AllowedNetworks)}, or name the host's endpoint in "
        + $"{nameof(EgressOptions)}.{nameof(EgressOptions.Routes)}.")
{
    public string Host { get; } = host;

    /// <summary>The first address that was refused; the others of the same answer may have been fine.</summary>
    public IPAddress Address { get; } = address;

    /// <summary>What the address is (<c>loopback</c>, <c>nat64-private</c>), or <c>denied-network</c>.</summary>
    public string Reason { get; } = reason;
}
