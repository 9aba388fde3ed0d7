using System.Net;

namespace OutboundInterception;

/// <summary>Its hops: each decided on, passed to the outbound workers, and followed by the next where the origin redirects.</summary>
internal sealed partial class Subrequest
{
    // 20: the Fetch standard's limit (HTTP-redirect fetch, step 7).
    private const int MaxRedirects = 20;

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

                // Before the record, with a fence: of this hop's body no more is sent.
                Interlocked.Exchange(ref _hop, hop + 1);
                _trace.End(Owner);

                // Until there is the next: nobody can abandon this one any more.
                Volatile.Write(ref _wait, null);
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

        EgressRequest message = tenant.ToMessage(target.Uri, Chain.Pool, this, hop, Chain.ReplayBytes);
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
            HasNoBody = _trace.IsHead || response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified,
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

    private Task<HttpResponseMessage> WaitAsync(Task<HttpResponseMessage>? passed) =>
        passed is null ? throw NoResponse() : passed.IsCompleted ? passed : new HopWait(this, passed).Begin(ref _wait, this);

    private static InvalidOperationException NoResponse() => new("An outbound worker returned no response.");
}
