using System.Collections.Frozen;
using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>
/// What a tenant asked for, copied before anything is decided: the tenant's own objects may change meanwhile, and may be of
/// classes that say one thing and do another. Each hop gets a message of its own made from it. Mutable: whoever changes it has the only one that is used.
/// </summary>
internal struct TenantRequest
{
    // The original's, less TRACE, whose answer is the request with all that a worker added to it.
    private static readonly FrozenSet<string> s_methods = new[]
    {
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "PURGE", "COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND",
        "PROPPATCH", "SEARCH", "UNLOCK", "ACL", "REPORT", "MKACTIVITY", "CHECKOUT", "MERGE", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // The original's (128 KB for all headers of a request): what leaves in headers is in no limit of the dispatch.
    private const int MaxHeadersLength = 128 * 1024;

    private List<KeyValuePair<string, object>>? _headers;
    private int _headersLength;
    private readonly HttpContent? _content;
    private HttpMethod _method;
    private bool _sendsBody;
    private bool _isCrossOrigin;

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
    public readonly EgressRequest ToMessage(Uri uri, EgressPoolKey pool, Subrequest subrequest, int replayBytes)
    {
        EgressRequest message = new(_method, uri, pool) { Version = Version, VersionPolicy = VersionPolicy };
        if (_headers is { } headers)
        {
            AddHeaders(message, headers);
        }

        if (_sendsBody)
        {
            message.Content = new TenantBody(_content!, subrequest, replayBytes);
        }

        return message;
    }

    /// <summary>Changes what is sent as the Fetch standard has it (HTTP-redirect fetch, steps 11 to 13).</summary>
    /// <exception cref="InvalidSubrequestException">The body would have to be sent again and cannot.</exception>
    public void Redirect(int status, bool crossOrigin)
    {
        if (status != 303 && _sendsBody && !CanBeSentAgain(_content!))
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
            return content is not StreamContent || content.ReadAsStream().CanSeek;
        }
        catch (Exception exception)
        {
            throw new InvalidSubrequestException(
                SubrequestProblem.Body, "The request was redirected, and its body failed when it was to be sent again. The inner exception is the content's own.", exception);
        }
    }

    private readonly void AddHeaders(EgressRequest message, List<KeyValuePair<string, object>> headers)
    {
        foreach ((string name, object value) in headers)
        {
            if (_isCrossOrigin && HeaderRules.IsOfOneOrigin(name))
            {
                continue;
            }

            _ = value is string single
                ? message.Headers.TryAddWithoutValidation(name, single)
                : message.Headers.TryAddWithoutValidation(name, (string[])value);
        }
    }

    private void CopyHeaders(HttpRequestHeaders headers)
    {
        List<KeyValuePair<string, object>> copied = new(headers.NonValidated.Count);
        HashSet<string>? named = null;
        if (headers.NonValidated.TryGetValues("Connection", out HeaderStringValues connection))
        {
            named = new HashSet<string>(
                connection.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);
        }

        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            if (name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidSubrequestException(
                    SubrequestProblem.Upgrade, "A tenant opens a WebSocket with context.ConnectWebSocketAsync; other upgrades are not available.");
            }

            if (!HeaderRules.GoesOn(name))
            {
                if (name.Equals("TE", StringComparison.OrdinalIgnoreCase) && values.ToString().Contains("trailers", StringComparison.OrdinalIgnoreCase))
                {
                    TakesTrailers = true;
                    copied.Add(new(name, "trailers"));
                }

                continue;
            }

            if (named is null || !named.Contains(name))
            {
                copied.Add(new(name, Take(name, values)));
            }
        }

        _headers = copied;
    }

    // A worker looks for what it removes or replaces among the request's headers; on the wire there is no difference.
    private void CopyHeaders(HttpContentHeaders headers)
    {
        Dictionary<string, int>? places = null;
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            if (!HeaderRules.GoesOn(name))
            {
                continue;
            }

            object copied = Take(name, values);
            if (HeaderRules.IsOfBody(name))
            {
                continue;
            }

            _headers ??= [];
            places ??= PlacesOf(_headers);
            if (places.TryAdd(name, _headers.Count))
            {
                _headers.Add(new(name, copied));
            }
            else
            {
                int place = places[name];
                _headers[place] = new(name, (string[])[.. AsArray(_headers[place].Value), .. AsArray(copied)]);
            }
        }
    }

    private static Dictionary<string, int> PlacesOf(List<KeyValuePair<string, object>> headers)
    {
        Dictionary<string, int> places = new(headers.Count, StringComparer.OrdinalIgnoreCase);
        for (int place = 0; place < headers.Count; place++)
        {
            // The tenant may have changed them while they were copied.
            places.TryAdd(headers[place].Key, place);
        }

        return places;
    }

    private object Take(string name, HeaderStringValues values)
    {
        object copied = Copy(name, values);
        AddLength(ref _headersLength, name, copied);
        return copied;
    }

    /// <exception cref="InvalidSubrequestException">All together are too long.</exception>
    internal static void AddLength(ref int length, string name, object value)
    {
        length += name.Length + (value is string single ? single.Length : ((string[])value).Sum(static part => part.Length));
        if (length > MaxHeadersLength)
        {
            throw new InvalidSubrequestException(SubrequestProblem.Header, "The headers are longer than 128 KiB together. Send in the body what is no header.");
        }
    }

    private static string[] AsArray(object value) => value as string[] ?? [(string)value];

    internal static object Copy(string name, HeaderStringValues values)
    {
        string[]? several = values.Count == 1 ? null : new string[values.Count];
        int index = 0;
        foreach (string value in values)
        {
            if (!HeaderRules.IsValidValue(value))
            {
                throw new InvalidSubrequestException(
                    SubrequestProblem.Header, $"The header {name} has a value with a line break, another control character, or a character outside of ASCII. Encode it.");
            }

            if (several is null)
            {
                return value;
            }

            several[index++] = value;
        }

        return several ?? [];
    }
}
