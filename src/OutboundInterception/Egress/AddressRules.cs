using System.Net;

namespace OutboundInterception;

/// <summary>
/// Which addresses a namespace's connections may go to: public ones and the allowed networks, less the denied ones. An
/// address with a zone is never among them.
/// </summary>
internal sealed class AddressRules(EgressOptions options)
{
    private readonly IPNetwork[] _allowed = [.. options.AllowedNetworks];
    private readonly IPNetwork[] _denied = [.. options.DeniedNetworks];

    /// <summary>Says why an address is refused, or <see langword="null"/> if it is not.</summary>
    public string? Refuse(IPAddress address)
    {
        AddressVerdict verdict = AddressClassifier.Classify(address);
        if (verdict.Kind == AddressKind.Scoped)
        {
            return verdict.Word;
        }

        // A denied IPv4 network is denied in each IPv6 dress as well; an allowed one is only itself, and mapped.
        if (Contains(_denied, address) || (verdict.Embedded is { } embedded && Contains(_denied, embedded)))
        {
            return "denied-network";
        }

        return verdict.IsPublic || Contains(_allowed, address) ? null : verdict.Word;
    }

    private static bool Contains(IPNetwork[] networks, IPAddress address)
    {
        foreach (IPNetwork network in networks)
        {
            // IPNetwork looks through the mapped form by itself, in both directions.
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
