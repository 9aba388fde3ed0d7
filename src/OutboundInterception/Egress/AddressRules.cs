using System.Net;
using System.Net.Sockets;

namespace OutboundInterception;

/// <summary>
/// Which addresses a namespace's connections may go to: public ones and the allowed networks, less the denied ones. An
/// address with a zone is never among them.
/// </summary>
internal sealed class AddressRules(EgressOptions options)
{
    // Where IPv4 begins in IPv6 (RFC 4291, section 2.5.5.2).
    private static readonly IPAddress s_mapped = IPAddress.Parse("::ffff:0.0.0.0");

    private readonly AddressRanges _allowed = new(options.AllowedNetworks);
    private readonly AddressRanges _denied = new(options.DeniedNetworks);

    // Wider than all of IPv4 in its mapped form, which the ranges judge as IPv4: one that is denied is denied in that form too.
    private readonly IPNetwork[] _deniedWide = [.. options.DeniedNetworks.Where(static network =>
        network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 && network.PrefixLength < 96 && network.Contains(s_mapped))];

    /// <summary>Says why an address is refused, or <see langword="null"/> if it is not.</summary>
    public string? Refuse(IPAddress address)
    {
        AddressVerdict verdict = AddressClassifier.Classify(address);
        if (verdict.Kind == AddressKind.Scoped)
        {
            return verdict.Word;
        }

        // A denied IPv4 network is denied in each IPv6 dress as well; an allowed one is only itself, and mapped.
        if (IsDenied(address) || (verdict.Embedded is { } embedded && IsDenied(embedded)))
        {
            return "denied-network";
        }

        return verdict.IsPublic || _allowed.Contains(address) ? null : verdict.Word;
    }

    private bool IsDenied(IPAddress address)
    {
        if (_denied.Contains(address))
        {
            return true;
        }

        foreach (IPNetwork network in _deniedWide)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
