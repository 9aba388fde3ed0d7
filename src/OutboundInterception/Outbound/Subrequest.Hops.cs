using System.Net;

namespace OutboundInterception;

/// <summary>Its hops: each decided on, passed to the outbound workers, and followed by the next where the origin redirects.</summary>
internal sealed partial class Subrequest
{
    // 20: the Fetch standard's limit (HTTP-redirect fetch, step 7).
    private const int MaxRedirects = 20;

    private Uri? _decidedUri;

    private async ValueTask<HttpResponseMessage> FollowAsync(TenantRequest tenant, HttpRequestMessage original)
    {
        OutboundUri target = OutboundUri.Check(original.RequestUri, _chain.Strictness);
        for (int hop = 0; ; hop++)
        {
            if (!target.IsAccepted)
            {
                throw SubrequestFailure.Refused(target);
            }

            if (hop > 0)
            {
                _trace.Begin(tenant.Method, target.Uri);
                _trace.Hop = hop;
            }

            EgressRequest message = tenant.ToMessage(target.Uri, _chain.Pool, this, _chain.ReplayBytes);
            Admit(message, target.Host);
            HttpResponseMessage response = await PassAsync(message, hop).ConfigureAwait(false);
            _trace.Status = (int)response.StatusCode;
            if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
            {
                response.Dispose();
                throw new InvalidSubrequestException(SubrequestProblem.UnexpectedUpgrade, "The origin switched protocols, which was not asked for.");
            }

            string? location = _redirectMode == RedirectMode.Manual ? null : RedirectRules.Location(response);
            if (location is null)
            {
                return Return(response, hop == 0 ? original : new HttpRequestMessage(tenant.Method, target.Uri) { Version = tenant.Version });
            }

            int status = (int)response.StatusCode;
            response.Dispose();
            if (_redirectMode == RedirectMode.Error)
            {
                throw new InvalidSubrequestException(SubrequestProblem.Redirect, "The origin redirected, and the request asked for that to be an error.");
            }

            if (hop == MaxRedirects)
            {
                throw new InvalidSubrequestException(SubrequestProblem.Redirect, $"Too many redirects: at most {MaxRedirects} are followed.");
            }

            Uri next = RedirectRules.Resolve(target.Uri, location);
            tenant.Redirect(status, crossOrigin: !RedirectRules.IsSameOrigin(target.Uri, next));
            _trace.End(_chain);
            target = OutboundUri.Check(next, _chain.Strictness);
        }
    }

    private HttpResponseMessage Return(HttpResponseMessage response, HttpRequestMessage request)
    {
        SafeContent body = new(response.Content, this)
        {
            HasNoBody = request.Method == HttpMethod.Head || response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified,
        };
        HttpResponseMessage safe = SafeResponse.Make(response, request, body);
        body.Owner = response;
        body.Trailers = safe;
        _body = body;
        if (_cancellation.IsCancellationRequested)
        {
            // The end came between the response and this line.
            body.Abort();
        }

        return safe;
    }

    private async ValueTask<HttpResponseMessage> ShakeHandsAsync(HttpRequestMessage handshake)
    {
        OutboundUri target = OutboundUri.Check(handshake.RequestUri, _chain.Strictness);
        if (!target.IsAccepted)
        {
            throw SubrequestFailure.Refused(target);
        }

        handshake.RequestUri = target.Uri;
        Admit((EgressRequest)handshake, target.Host);
        HttpResponseMessage response = await PassAsync((EgressRequest)handshake, hop: 0).ConfigureAwait(false);
        _trace.Status = (int)response.StatusCode;
        return response;
    }

    private void Admit(EgressRequest message, CanonicalHost host)
    {
        _trace.Host = host.Name;
        _dispatch.ThrowIfEnded();
        _dispatch.Budget.TakeSubrequest(_dispatch.Limits);
        _decidedUri = message.RequestUri;
        Decide(message, message.RequestUri!, host);
    }

    private void Decide(HttpRequestMessage message, Uri uri, CanonicalHost host)
    {
        if (_chain.DeniesAll)
        {
            _trace.Block("deny-all", "This namespace lets nothing out.");
            throw new OutboundBlockedException(host.Name);
        }

        // Rules know a WebSocket by its own scheme.
        Uri decided = IsWebSocket ? WebSocketHandshake.AsWebSocket(uri) : uri;
        PolicyDecision decision = _dispatch.Home.Policy.Decide(Tenant, message, decided, host);
        _trace.RuleId = decision.RuleId;
        if (!decision.Allowed)
        {
            _trace.Block(decision.RuleId, decision.Reason);
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

        bool isSame = target.Uri.Scheme == _decidedUri!.Scheme && target.Uri.Authority == _decidedUri.Authority;
        if (!isSame)
        {
            Decide(message, target.Uri, target.Host);
        }

        return target.Uri;
    }

    private ValueTask<HttpResponseMessage> PassAsync(EgressRequest message, int hop)
    {
        Task<HttpResponseMessage>? passed = SendAsync(message, 0, hop, Token);
        return passed is { IsCompletedSuccessfully: true, Result: { } response } ? new(response) : WaitAsync(passed);
    }

    private async ValueTask<HttpResponseMessage> WaitAsync(Task<HttpResponseMessage>? passed)
    {
        HttpResponseMessage? response = passed is null || passed.IsCompleted
            ? passed is null ? null : await passed.ConfigureAwait(false)
            : await passed.WaitAsync(Token).ConfigureAwait(false);
        return response ?? throw new InvalidOperationException("An outbound worker returned no response.");
    }
}
