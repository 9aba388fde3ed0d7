namespace OutboundInterception;

/// <summary>What it may do: each hop is decided on, and what a worker makes of it again where that goes elsewhere.</summary>
internal sealed partial class Subrequest
{
    private Uri? _decidedUri;

    // Where trusted workers sent this hop. Appended to without a lock: what is lost is decided on again, and that is safe.
    private Uri[] _trusted = [];

    private void Admit(EgressRequest message, CanonicalHost host)
    {
        _trace.Host = host.Name;
        _trace.Capture(message, Chain);
        if (_state == NotEntered)
        {
            Owner.Enter(this);
            _state = Entered;
        }
        else
        {
            Owner.TakeSubrequest();
        }

        _decidedUri = message.RequestUri;
        if (_trusted.Length > 0)
        {
            _trusted = [];
        }

        Decide(message, message.RequestUri!, host);
    }

    private void Decide(HttpRequestMessage message, Uri uri, CanonicalHost host)
    {
        if (Chain.DeniesAll)
        {
            _trace.Block("deny-all", "This namespace lets nothing out.");
            throw new OutboundBlockedException(host.Name);
        }

        // Rules know a WebSocket by its own scheme.
        Uri decided = IsWebSocket ? WebSocketHandshake.AsWebSocket(uri) : uri;
        PolicyDecision decision = Owner.Home.Policy.Decide(Tenant, message, decided, host);
        _decidedVersion = decision.PolicyVersion;
        _trace.Judge(decision);
        if (!decision.Allowed)
        {
            throw new OutboundBlockedException(host.Name);
        }
    }

    /// <summary>Checks the URL that a worker sends to where it is not the one that was decided on, and decides on another authority.</summary>
    private Uri DecideAgain(HttpRequestMessage message)
    {
        Uri? uri = message.RequestUri;
        if (ReferenceEquals(uri, _decidedUri))
        {
            return uri!;
        }

        // Literally: the port and the spelling are the platform's to choose, but not a raw line break.
        OutboundUri target = OutboundUri.Check(uri, UrlStrictness.Literal);
        if (!target.IsAccepted)
        {
            throw new InvalidOperationException($"An outbound worker sent a request to a URL that cannot be fetched ({target.Reason}). Give an absolute http or https URL.");
        }

        if (!IsSameAuthority(target.Uri, _decidedUri!) && !IsTrusted(target.Uri))
        {
            Decide(message, target.Uri, target.Host);
        }

        return target.Uri;
    }

    /// <summary>
    /// What a trusted worker sends is not decided on again, whatever its authority. What such a worker is given is: else the
    /// one before it would send where it may not by way of one that changes nothing.
    /// </summary>
    private void FollowTrust(HttpRequestMessage request, int position)
    {
        if (position > 0 && Chain.Workers[position - 1].MayChangeAuthority
            && request.RequestUri is { IsAbsoluteUri: true } uri && !IsSameAuthority(uri, _decidedUri!) && !IsTrusted(uri))
        {
            _trusted = [.. _trusted, uri];
        }

        if (position > 0 && position < Chain.Workers.Length && Chain.Workers[position].MayChangeAuthority)
        {
            request.RequestUri = DecideAgain(request);
        }
    }

    private bool IsTrusted(Uri uri)
    {
        foreach (Uri trusted in _trusted)
        {
            if (IsSameAuthority(uri, trusted))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSameAuthority(Uri one, Uri other) => one.Scheme == other.Scheme && one.Authority == other.Authority;
}
