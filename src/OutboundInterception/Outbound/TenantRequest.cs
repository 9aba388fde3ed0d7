using System.Collections.Frozen;

namespace OutboundInterception;

/// <summary>
/// What a tenant asked for, copied before anything is decided: the tenant's own objects may change meanwhile, and may be of
/// classes that say one thing and do another. Each hop gets a message of its own made from it. Mutable: whoever changes it has the only one that is used.
/// </summary>
internal partial struct TenantRequest
{
    // The original's, less TRACE, whose answer is the request with all that a worker added to it.
    private static readonly FrozenSet<string> s_methods = new[]
    {
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "PURGE", "COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND",
        "PROPPATCH", "SEARCH", "UNLOCK", "ACL", "REPORT", "MKACTIVITY", "CHECKOUT", "MERGE", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private List<KeyValuePair<string, object>>? _headers;
    private List<KeyValuePair<string, object>>? _bodyHeaders;
    private int _headersLength;
    private readonly HttpContent? _content;
    private HttpMethod _method;
    private bool _sendsBody;
    private bool _isCrossOrigin;
    private readonly bool _isSentOnce;

    /// <exception cref="InvalidSubrequestException">It may not be sent.</exception>
    public TenantRequest(HttpRequestMessage request, HttpMethod asked)
    {
        _method = ReferenceEquals(asked, HttpMethod.Get) ? asked
            : s_methods.TryGetValue(asked.Method, out string? method) ? HttpMethod.Parse(method)
            : throw new InvalidSubrequestException(SubrequestProblem.Method, $"The method {asked.Method} is not available to tenants.");
        Version = request.Version;
        VersionPolicy = request.VersionPolicy;
        if (Version.Major >= 3 && VersionPolicy == HttpVersionPolicy.RequestVersionExact)
        {
            throw new InvalidSubrequestException(SubrequestProblem.Version, "HTTP/3 is not available to tenants: ask for 2.0, or for 3.0 or lower.");
        }

        _content = request.Content;
        _sendsBody = _content is not null;
        if (MessageState.MayHaveHeaders(request))
        {
            CopyHeaders(request.Headers);
        }

        if (_content is not null)
        {
            CopyHeaders(_content.Headers);

            // Asked before anything is sent: a stream of the tenant's own class may never answer.
            _isSentOnce = _content is StreamContent && !CanBeSentAgain(_content);
        }
    }

    public readonly HttpMethod Method => _method;

    public Version Version { get; }

    public HttpVersionPolicy VersionPolicy { get; }

    /// <summary>Each with a string, or with an array of them; none for a message without headers.</summary>
    public readonly List<KeyValuePair<string, object>>? Headers => _headers;

    /// <summary>Whether the tenant said that it takes trailers (<c>TE: trailers</c>).</summary>
    public bool TakesTrailers { readonly get; private set; }

    /// <summary>A message for one hop. Its body is read from the tenant's content when it is sent.</summary>
    public readonly EgressRequest ToMessage(Uri uri, EgressPoolKey pool, Subrequest subrequest, int hop, int replayBytes)
    {
        EgressRequest message = new(_method, uri, pool) { Version = Version, VersionPolicy = VersionPolicy };
        if (_headers is { } headers)
        {
            AddHeaders(message, headers);
        }

        if (_sendsBody)
        {
            message.Content = new TenantBody(_content!, _bodyHeaders, subrequest, hop, replayBytes);
        }

        return message;
    }

    /// <summary>Changes what is sent as the Fetch standard has it (HTTP-redirect fetch, steps 11 to 13).</summary>
    /// <exception cref="InvalidSubrequestException">The body would have to be sent again and cannot.</exception>
    public void Redirect(int status, bool crossOrigin)
    {
        if (status != 303 && _sendsBody && _isSentOnce)
        {
            throw new InvalidSubrequestException(
                SubrequestProblem.Body,
                "The request was redirected, and its body cannot be sent again because it comes from a stream that cannot seek. Send the body from a buffer, or use RedirectMode.Manual.");
        }

        bool becomesGet = status == 303
            ? _method != HttpMethod.Get && _method != HttpMethod.Head
            : status is 301 or 302 && _method == HttpMethod.Post;
        if (becomesGet)
        {
            _method = HttpMethod.Get;
            _sendsBody = false;
        }

        // Once another origin has been in the way, credentials stay away, also on the way back.
        _isCrossOrigin |= crossOrigin;
    }

    private static bool CanBeSentAgain(HttpContent content)
    {
        try
        {
            return content.ReadAsStream().CanSeek;
        }
        catch
        {
            // What is wrong with it comes out when it is sent.
            return false;
        }
    }
}
