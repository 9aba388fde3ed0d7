using System.Net;

namespace OutboundInterception;

/// <summary>Its hops: each decided on, passed to the outbound workers, and followed by the next where the origin redirects.</summary>
internal sealed partial class Subrequest
{
    // 20: the Fetch standard's limit (HTTP-redirect fetch, step 7).
    private const int MaxRedirects = 20;

    private Uri? _decidedUri;

    // Where trusted workers sent this hop. Appended to without a lock: what is lost is decided on again, and that is safe.
    private Uri[] _trusted = [];

    /// <summary>The tenant's response, if what came back is an answer to it, and nothing to follow.</summary>
    public HttpResponseMessage? TryReturn(Task<HttpResponseMessage> passed, HttpRequestMessage original) =>
        passed is { IsCompletedSuccessfully: true, Result: { } response } && !Redirects(response) ? Return(Accept(response), original) : null;

    /// <summary>Goes on where <see cref="TryReturn"/> did not: with a redirect, or with what went wrong.</summary>
    public async Task<HttpResponseMessage> FollowAsync(
        TenantRequest tenant, Task<HttpResponseMessage> passed, HttpRequestMessage original, CancellationToken callers)
    {
        try
        {
            for (int hop = 0; ; hop++)
            {
                HttpResponseMessage response = Accept(await passed.ConfigureAwait(false) ?? throw NoResponse());
                Uri uri = _decidedUri!;
                if (!Redirects(response))
                {
                    return Return(response, hop == 0 ? original : new HttpRequestMessage(tenant.Method, uri) { Version = tenant.Version });
                }

                Uri next = Resolve(response, uri, hop);
                tenant.Redirect((int)response.StatusCode, crossOrigin: !RedirectRules.IsSameOrigin(uri, next));
                _trace.End(Owner);
                passed = WaitAsync(SendHop(in tenant, OutboundUri.Check(next, Chain.Strictness), hop + 1));
            }
        }
        catch (Exception exception)
        {
            Exception told = Fail(exception, callers);
            if (ReferenceEquals(told, exception))
            {
                throw;
            }

            throw told;
        }
    }

    private Task<HttpResponseMessage> SendFirst(HttpRequestMessage original, HttpMethod method, Uri? uri, out TenantRequest tenant)
    {
        tenant = new TenantRequest(original, method);
        OutboundUri target = OutboundUri.Check(uri, Chain.Strictness);
        _tenantHeaders = tenant.Headers;
        return SendHop(in tenant, target, hop: 0);
    }

    /// <summary>Where a redirect leads that is to be followed.</summary>
    private Uri Resolve(HttpResponseMessage response, Uri from, int hop)
    {
        string location = RedirectRules.Location(response)!;
        response.Dispose();
        if ((RedirectMode)_redirectMode == RedirectMode.Error)
        {
            throw new InvalidSubrequestException(SubrequestProblem.Redirect, "The origin redirected, and the request asked for that to be an error.");
        }

        return hop < MaxRedirects
            ? RedirectRules.Resolve(from, location)
            : throw new InvalidSubrequestException(SubrequestProblem.Redirect, $"Too many redirects: at most {MaxRedirects} are followed.");
    }

    /// <summary>Decides on a hop and passes it to the outbound workers.</summary>
    private Task<HttpResponseMessage> SendHop(in TenantRequest tenant, OutboundUri target, int hop)
    {
        if (!target.IsAccepted)
        {
            throw SubrequestFailure.Refused(target);
        }

        if (hop > 0)
        {
            _trace = default;
            _trace.Begin(Owner, tenant.Method, target.Uri, isWebSocket: false);
            _trace.Hop = (byte)hop;
        }

        EgressRequest message = tenant.ToMessage(target.Uri, Chain.Pool, this, Chain.ReplayBytes);
        Admit(message, target.Host);
        _takesTrailers = tenant.TakesTrailers;
        return SendAsync(message, 0, hop, Token);
    }

    private HttpResponseMessage Accept(HttpResponseMessage response)
    {
        _trace.Return(response, Chain);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols && !IsWebSocket)
        {
            response.Dispose();
            throw new InvalidSubrequestException(SubrequestProblem.UnexpectedUpgrade, "The origin switched protocols, which was not asked for.");
        }

        return response;
    }

    private bool Redirects(HttpResponseMessage response) => (RedirectMode)_redirectMode != RedirectMode.Manual && RedirectRules.Location(response) is not null;

    private HttpResponseMessage Return(HttpResponseMessage response, HttpRequestMessage request)
    {
        if (IsWebSocket)
        {
            IsOpen = true;
            return response;
        }

        SafeContent body = new(response, this)
        {
            HasNoBody = request.Method == HttpMethod.Head || response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified,
        };
        HttpResponseMessage safe = SafeResponse.Make(response, request, body);
        body.Trailers = _takesTrailers ? safe : null;
        IsOpen = true;

        // A full fence: either who cancels finds the body, or it is seen here that they have looked already.
        Interlocked.Exchange(ref _body, body);
        if (IsCancellationRequested)
        {
            // The end came between the response and this line.
            body.Abort();
        }

        return safe;
    }

    private Task<HttpResponseMessage> ShakeHands(HttpRequestMessage handshake)
    {
        OutboundUri target = OutboundUri.Check(handshake.RequestUri, Chain.Strictness);
        if (!target.IsAccepted)
        {
            throw SubrequestFailure.Refused(target);
        }

        handshake.RequestUri = target.Uri;
        _tenantHeaders = [.. handshake.Headers.NonValidated.Select(static header => KeyValuePair.Create(header.Key, TenantRequest.Copy(header.Key, header.Value)))];
        int length = 0;
        _tenantHeaders.ForEach(header => TenantRequest.AddLength(ref length, header.Key, header.Value));
        Admit((EgressRequest)handshake, target.Host);
        return SendAsync(handshake, 0, hop: 0, Token);
    }

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

    // A worker that ignores its token is left behind, not waited for.
    private Task<HttpResponseMessage> WaitAsync(Task<HttpResponseMessage>? passed) =>
        passed is null ? throw NoResponse() : passed.IsCompleted ? passed : passed.WaitAsync(Token);

    private static InvalidOperationException NoResponse() => new("An outbound worker returned no response.");
}
