using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>What is judged. What it does not know (a raw socket has no method) meets no allow rule and every deny rule that asks for it.</summary>
internal readonly struct PolicySubject
{
    private readonly HttpRequestHeaders? _headers;
    private readonly HttpRequestMessage? _message;

    public PolicySubject(in CanonicalHost host, HttpMethod method, Uri uri, HttpRequestHeaders? headers)
    {
        Host = host;
        Method = method.Method;
        Uri = uri;
        Port = uri.Port;
        _headers = headers;
    }

    public PolicySubject(in CanonicalHost host, HttpRequestMessage message, Uri uri)
        : this(host, message.Method, uri, null)
    {
        _message = message;
    }

    /// <summary>What a record has kept of a request.</summary>
    /// <param name="host">Its host.</param>
    /// <param name="request">What is known.</param>
    /// <param name="favours">Whether what is not known speaks for the request; else against it.</param>
    public PolicySubject(in CanonicalHost host, in DryRunRequest request, bool favours)
        : this(host, request.Method, request.Uri, request.Headers)
    {
        IsPathUnknown = request.IsPathPartial;
        FavoursUnknown = favours;
    }

    private PolicySubject(in CanonicalHost host, int port)
    {
        Host = host;
        Port = port;
    }

    public CanonicalHost Host { get; }

    public int Port { get; }

    public string? Method { get; }

    public Uri? Uri { get; }

    public bool IsPathUnknown { get; }

    public bool FavoursUnknown { get; }

    /// <summary>Asked for by rules on headers alone: a message that has none would make them.</summary>
    public HttpRequestHeaders? Headers => _headers ?? _message?.Headers;

    /// <summary>The rules that this meets by its scheme; none for a scheme that no rule can name.</summary>
    public SchemeSet Schemes => Uri?.Scheme switch
    {
        null => SchemeSet.Tcp,
        "https" => SchemeSet.Https,
        "http" => SchemeSet.Http,
        "wss" => SchemeSet.Https | SchemeSet.SecureWebSocket,
        "ws" => SchemeSet.Http | SchemeSet.WebSocket,
        _ => SchemeSet.Any,
    };

    public static PolicySubject Socket(in CanonicalHost host, int port) => new(host, port);
}
