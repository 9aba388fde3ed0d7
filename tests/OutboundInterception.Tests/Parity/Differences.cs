namespace OutboundInterception.Tests.Parity;

/// <summary>The one table of what we do otherwise than the original on purpose.</summary>
internal static class Differences
{
    private const string NoRawSockets = "Raw sockets are not offered: there is no connect().";
    private const string NoPassThrough = "passThroughOnException is not offered: what a tenant throws is the dispatcher's to answer.";
    private const string PlainObject = "A binding is a plain object that the handler's constructor takes; there is no runtime between.";
    private const string OwnBody = "A worker owns its request, and what it has read is kept and can be sent again.";
    private const string OwnRequest = "A worker owns its request and may change it.";
    private const string KeepsFragment = "The answer's request is the tenant's own, fragment and all, as HttpClient has it.";
    private const string ContentHeaders = "Content headers go with the body.";
    private const string Credentials = "Credentials are dropped on the way to another origin.";
    private const string NoDowngrade = "A redirect from https to http is not followed.";
    private const string OnlyHttp = "Only http and https redirects are followed.";
    private const string NoUserInfo = "User name and password in a redirect's URL are dropped.";
    private const string ErrorIsOffered = "RedirectMode.Error is offered: the redirect is seen, and is the failure.";
    private const string NoHang = "Nobody can tell a hang from a long wait in-process: the deadline ends it, and the dispatch with it.";
    private const string WebSocketOnly = "A WebSocket is the only answer of ConnectWebSocketAsync: another one is an exception, without the body.";
    private const string NotFrozen = "Parameters belong to a dispatch: the second one has its own, and is seen.";
    private const string OwnHost = "The URL is the authority: a Host of the tenant's own is dropped.";
    private const string Latin1 = "Header bytes are read as Latin-1, not as UTF-8.";

    private const string Framing = "Framing is computed: headers say nothing about the body.";
    private const string Trailers = "TE: trailers goes on, which gRPC needs.";
    private const string NoUpgrade = "Upgrades exist only in ConnectWebSocketAsync.";
    private const string HopByHop = "Hop-by-hop and forwarding headers of a tenant's are dropped.";
    private const string NoSuchMethod = "An HttpMethod may be any token; it is refused when it is sent.";
    private const string NoTrace = "TRACE shows a caller what was added to the request: no tenant may use it.";
    private const string UriRules = "System.Uri reads it otherwise than the URL standard.";

    private const string NoUri = """{"threw":"UriFormatException"}""";
    private const string Threw = "\"InvalidSubrequestException\"";

    /// <summary>Scenarios that are played, with something other than recorded in one place.</summary>
    public static readonly Difference[] Rows =
    [
        new("get-query-fragment", ["tenant", "json", "url"], "\"http://ORIGIN-A/echo?a=b%20c&d=%C3%A9#frag\"", KeepsFragment),
        new("post-stream-error", ["tenant", "json"], $$"""{"threw":{{Threw}}}""", "A body that fails ends the request: half of it is never taken for all."),
        new("post-stream-error", ["origin"], "[]", "A body that fails ends the request: half of it is never taken for all."),
        new("redir-post-303", ["outbound", "1", "headers"], """[["x-custom","c"]]""", ContentHeaders),
        new("redir-post-303", ["origin", "1", "rawHeaders"], """[["host","ORIGIN-A"],["x-custom","c"]]""", ContentHeaders),
        new("redir-post-303", ["tenant", "json", "json", "rawHeaders"], """[["host","ORIGIN-A"],["x-custom","c"]]""", ContentHeaders),
        new("redir-cross-auth-old", ["outbound", "1", "headers"], "[]", Credentials),
        new("redir-cross-auth-old", ["origin", "1", "rawHeaders"], """[["host","ORIGIN-B"]]""", Credentials),
        new("redir-cross-auth-old", ["tenant", "json", "json", "rawHeaders"], """[["host","ORIGIN-B"]]""", Credentials),
        new("redir-cross-virtual", ["tenant", "json"], $$"""{"threw":{{Threw}}}""", NoDowngrade),
        new("redir-cross-virtual", ["outbound", "2"], null, NoDowngrade),
        new("redir-cross-virtual", ["outbound", "1"], null, NoDowngrade),
        new("redir-error", ["tenant", "json", "threw"], Threw, ErrorIsOffered),
        new("redir-error", ["outbound"], """[{"bodyIsNull":true,"headers":[],"method":"GET","params":{"customer":"acme"},"url":"http://ORIGIN-A/redir?status=302&to=/echo?after=302"}]""", ErrorIsOffered),
        new("redir-error", ["origin"], """[{"method":"GET","origin":"A","rawHeaders":[["host","ORIGIN-A"]],"url":"/redir?status=302&to=/echo?after=302"}]""", ErrorIsOffered),
        new("redir-locations", ["tenant", "json", "ftp://x.example/"], $$"""{"threw":{{Threw}}}""", OnlyHttp),
        new("redir-locations", ["tenant", "json", "file:///etc/passwd"], $$"""{"threw":{{Threw}}}""", OnlyHttp),
        new("redir-locations", ["tenant", "json", "http://user:pw@frag.example/p", "ok", "url"], "\"http://frag.example/p\"", NoUserInfo),
        new("redir-userinfo", ["tenant", "json", "url"], "\"http://next.example/p\"", NoUserInfo),
        new("ob-consume", ["tenant", "json"], Echo("once"), OwnBody),
        new("ob-consume", ["origin"], $"[{Request("once")}]", OwnBody),
        new("ob-double", ["tenant", "json"], Echo("twice"), OwnBody),
        new("ob-double", ["origin"], $"[{Request("twice")},{Request("twice")}]", OwnBody),
        new("ob-mutate", ["tenant", "json"], """{"ok":{"status":200,"statusText":"OK","redirected":false,"url":"http://ORIGIN-A/echo","headers":[["content-type","application/json"]],"json":{"method":"GET","origin":"A","rawHeaders":[["host","ORIGIN-A"],["x-mutated","1"]],"url":"/echo"}}}""", OwnRequest),
        new("ob-mutate", ["origin"], """[{"method":"GET","origin":"A","rawHeaders":[["host","ORIGIN-A"],["x-mutated","1"]],"url":"/echo"}]""", OwnRequest),
        new("ob-null", ["tenant", "json", "connect"], null, NoRawSockets),
        new("ob-hang-never", ["tenant"], """{"dispatchThrew":"OperationCanceledException"}""", NoHang),
        new("ob-hang-never", ["events"], """["outbound request.signal aborted: AbortError: The client has disconnected"]""", NoHang),
        new("loader-first-wins-2", ["outbound"], """[{"bodyIsNull":true,"headers":[],"method":"GET","params":{"gen":2,"table":{}},"url":"http://x.example/"}]""", NotFrozen),
        new("ws-upgrade", ["tenant", "json", "status"], null, "A WebSocket comes without the handshake's response."),
        new("ws-upgrade", ["tenant", "json", "headers"], null, "A WebSocket comes without the handshake's response."),
        new("ws-outbound-denies", ["tenant", "json", "viaFetch"], """{"threw":"WebSocketException"}""", WebSocketOnly),
        new("ws-outbound-denies", ["tenant", "json", "viaCtor"], """{"threw":"WebSocketException"}""", WebSocketOnly),
        new("ws-outbound-denies", ["events"], """["outbound request.signal aborted: AbortError: The client has disconnected","outbound request.signal aborted: AbortError: The client has disconnected"]""", WebSocketOnly),
        new("hdr-host-virtual", ["outbound", "0", "headers"], "[]", OwnHost),
        new("hdr-host-virtual", ["tenant", "json", "json", "headers"], "[]", OwnHost),
        .. Dropped(5, "trailer", isSentByOriginal: false),
        .. Dropped(7, "proxy-connection"),
        .. Dropped(8, "expect"),
        .. Dropped(10, "x-forwarded-for"),
        .. Dropped(12, "via"),
        .. Dropped(3, "content-length", isSentByOriginal: false),
        new("hdr-hop", ["outbound", "3", "bodyIsNull"], "true", Framing),
        new("hdr-hop", ["outbound", "2", "bodyIsNull"], "true", Framing),
        new("hdr-hop", ["origin", "4", "rawHeaders"], """[["host","ORIGIN-A"],["te","trailers"]]""", Trailers),
        new("hdr-hop", ["tenant", "json", "te", "ok"], """[["host","ORIGIN-A"],["te","trailers"]]""", Trailers),
        new("hdr-hop", ["tenant", "json", "upgrade"], $$"""{"threw":{{Threw}}}""", NoUpgrade),
        new("hdr-hop", ["outbound", "6"], null, NoUpgrade),
        new("hdr-hop", ["origin", "6"], null, NoUpgrade),
        new("methods", ["tenant", "json", "TRACE"], $$"""{"threw":{{Threw}}}""", NoTrace),
        new("methods", ["outbound", "4"], null, NoTrace),
        new("methods", ["tenant", "json", "FOO"], $$"""{"threw":{{Threw}}}""", NoSuchMethod),
        new("methods", ["tenant", "json", "MKCALENDAR"], $$"""{"threw":{{Threw}}}""", NoSuchMethod),
        new("redir-locations", ["outbound", "11"], null, OnlyHttp),
        new("redir-locations", ["outbound", "9"], null, OnlyHttp),
        new("url-relative-old", ["tenant", "json", "noscheme"], $$"""{"threw":{{Threw}}}""", "No relative URL is resolved against anything."),
        new("url-forms", ["tenant", "json", "http://ex%61mple.com/"], NoUri, UriRules),
        new("url-forms", ["tenant", "json", "http://exa\tmple.com/"], NoUri, UriRules),
        new("url-forms", ["tenant", "json", @"http://example.com\\back"], NoUri, UriRules),
        new("url-forms", ["tenant", "json", "http://example.com./", "ok", "outboundKey"], "\"http://example.com/\"", "One host has one name: the root's dot is dropped before anything is decided."),
        new("url-forms", ["tenant", "json", "http://example.com/%zz%20 é?q=ü&r=a b#h", "ok", "outboundKey"], "\"http://example.com/%25zz%20%20%C3%A9\"", UriRules),
        new("url-forms", ["tenant", "json", "http://example.com/%zz%20 é?q=ü&r=a b#h", "ok", "responseUrl"], "\"http://example.com/%25zz%20%20%C3%A9?q=%C3%BC&r=a%20b#h\"", UriRules),
        new("url-forms", ["tenant", "json", "http://münchen.example/", "ok", "responseUrl"], "\"http://münchen.example/\"", "The answer's request is the tenant's own."),
        new("url-forms", ["outbound", "9", "url"], "\"http://example.com/%25zz%20%20%C3%A9?q=%C3%BC&r=a%20b\"", UriRules),
        new("url-forms", ["outbound", "13"], null, UriRules),
        new("url-forms", ["outbound", "11"], null, UriRules),
        new("url-forms", ["outbound", "6"], null, UriRules),
        new("hdr-latin1-resp", ["tenant", "json", "headers", "0", "1"], "\"café\"", Latin1),
    ];

    /// <summary>Scenarios that cannot be played because what they use does not exist here; a test each shows what there is instead.</summary>
    public static readonly Dictionary<string, string> NotOffered = new()
    {
        ["connect-write-first"] = NoRawSockets,
        ["connect-nodenet"] = NoRawSockets,
        ["connect-handler-throws"] = NoRawSockets,
        ["static-connect"] = NoRawSockets,
        ["tenant-ptoe"] = NoPassThrough,
        ["tenant-ptoe-body"] = NoPassThrough,
        ["cf-prop"] = "A request has no cf property; Options stay on the tenant's message.",
        ["init-options"] = "A .NET request has no cache, integrity, mode, credentials, referrer or keepalive.",
        ["static-cache"] = "There is no cache API.",
        ["service-binding"] = PlainObject,
        ["static-service"] = PlainObject,
        ["loader-syntax"] = "A tenant is compiled code: what does not compile is no tenant.",
        ["loader-toplevel-fetch"] = "Code outside of a dispatch has no context to fetch with.",
    };

    private static IEnumerable<Difference> Dropped(int index, string name, bool isSentByOriginal = true)
    {
        yield return new("hdr-hop", ["outbound", $"{index}", "headers"], "[]", HopByHop);
        if (isSentByOriginal)
        {
            yield return new("hdr-hop", ["origin", $"{index}", "rawHeaders"], """[["host","ORIGIN-A"]]""", HopByHop);
            yield return new("hdr-hop", ["tenant", "json", name, "ok"], """[["host","ORIGIN-A"]]""", HopByHop);
        }
    }

    private static string Request(string body) =>
        $$"""{"body":"{{body}}","method":"POST","origin":"A","rawHeaders":[["content-length","{{body.Length}}"],["content-type","text/plain;charset=UTF-8"],["host","ORIGIN-A"]],"url":"/echo"}""";

    private static string Echo(string body) =>
        $$"""{"ok":{"status":200,"statusText":"OK","redirected":false,"url":"http://ORIGIN-A/echo","headers":[["content-type","application/json"]],"json":{{Request(body)}} } }""";
}
