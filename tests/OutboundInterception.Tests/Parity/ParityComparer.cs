using System.Text.Json;
using System.Text.Json.Nodes;

namespace OutboundInterception.Tests.Parity;

/// <summary>Brings a recording and what was seen here into one form, in which they must be equal. What it leaves out is listed here.</summary>
internal static class ParityComparer
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Dictionary<string, string> s_ignoredHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        ["date"] = "the time",
        ["keep-alive"] = "hop-by-hop: Node's, not Kestrel's",
        ["connection"] = "hop-by-hop: never shown to a tenant here",
        ["transfer-encoding"] = "hop-by-hop framing: never shown to a tenant here, and decided after the outbound worker",
        ["sec-websocket-key"] = "random",
        ["sec-websocket-version"] = "always 13; the original adds it behind the outbound worker",
        ["sec-websocket-extensions"] = "the original's constructor offers compression unasked",
    };

    private static readonly Dictionary<string, string> s_ignoredMembers = new(StringComparer.Ordinal)
    {
        ["n"] = "the order of the list says it",
        ["cf"] = "Cloudflare's own",
        ["redirect"] = "always 'manual' in an outbound worker; context.SendAsync never follows",
        ["type"] = "always 'default'",
        ["bodyUsed"] = "a .NET request has no such mark",
        ["outboundThrew"] = "what the worker itself caught; what the tenant gets of it is compared",
        ["dripClosedAfter"] = "how much fits in which buffer",
        ["clientGone"] = "how long the origin watched",
    };

    // What the original throws, by the start of the message, and the type that stands for it here.
    private static readonly (string Message, string Type)[] s_exceptions =
    [
        ("Worker not found.", nameof(TenantNotFoundException)),
        ("tenant range", nameof(ArgumentOutOfRangeException)),
        ("The operation was aborted", nameof(OperationCanceledException)),
        ("my reason", nameof(OperationCanceledException)),
        ("A request with a one-time-use body", nameof(InvalidSubrequestException)),
        ("Invalid Location header", nameof(InvalidSubrequestException)),
        ("Worker tried to return a WebSocket", nameof(InvalidSubrequestException)),
        ("Fetch API cannot load", nameof(InvalidSubrequestException)),
        ("Invalid HTTP method string: CONNECT", nameof(InvalidSubrequestException)),
        ("Invalid HTTP method string: G T", nameof(FormatException)),
        ("Invalid HTTP method string: ", nameof(ArgumentException)),
        ("Invalid URL", nameof(UriFormatException)),
        ("proxy request failed, cannot connect", nameof(RawSocketDeniedException)),
        ("jsg.Error: proxy request failed, cannot connect", nameof(RawSocketDeniedException)),
        ("This worker is not permitted to access the internet", nameof(OutboundBlockedException)),
        ("Cannot reconstruct a Request with a used body.", nameof(InvalidOperationException)),
    ];

    /// <summary>What must be seen: the recording, changed where a row of the table says so.</summary>
    public static string Expected(Recording recording, IEnumerable<Difference> differences)
    {
        JsonObject seen = [];
        foreach (string part in recording.IsStatic ? ["tenant", "origin"] : new[] { "tenant", "outbound", "events", "origin" })
        {
            seen[part] = recording.Json[part]?.DeepClone();
        }

        JsonObject normal = Normalize(recording.Name, seen);
        foreach (Difference difference in differences)
        {
            difference.Apply(normal);
        }

        // Once more, for what the rows have put in.
        return Normalize(recording.Name, normal).ToJsonString(s_indented);
    }

    public static string Actual(Recording recording, JsonObject seen) => Normalize(recording.Name, seen).ToJsonString(s_indented);

    private static JsonObject Normalize(string scenario, JsonObject seen)
    {
        JsonObject normal = Normalize(seen)!.AsObject();
        if (scenario == "tenant-concurrent")
        {
            // Eight at once have no order.
            foreach (string part in new[] { "outbound", "origin" })
            {
                normal[part] = new JsonArray([.. normal[part]!.AsArray().Select(static node => node!.DeepClone()).OrderBy(static node => (string)node["url"]!, StringComparer.Ordinal)]);
            }
        }

        if (scenario.StartsWith("static-", StringComparison.Ordinal))
        {
            // Not noted.
            normal["tenant"]!.AsObject().Remove("statusText");
        }

        if (scenario == "tenant-floating")
        {
            // Whether its request gets to the origin before the dispatch's end cancels it is a race.
            normal.Remove("origin");
        }

        return normal;
    }

    private static JsonNode? Normalize(JsonNode? node) => node switch
    {
        JsonObject json => NormalizeObject(json),
        JsonArray array => new JsonArray([.. array.Select(Normalize)]),
        _ => node?.DeepClone(),
    };

    private static JsonObject NormalizeObject(JsonObject json)
    {
        SortedDictionary<string, JsonNode?> members = new(StringComparer.Ordinal);
        foreach ((string key, JsonNode? value) in json)
        {
            if (value is null || s_ignoredMembers.ContainsKey(key))
            {
                continue;
            }

            switch (key)
            {
                case "bodyIsNull" when json.ContainsKey("status"):
                    // A response's content is never null in .NET.
                    break;
                case "body" when json.ContainsKey("rawHeaders") && (string?)value is { Length: 0 }:
                    // Not noted of every endpoint.
                    break;
                case "body" when json.ContainsKey("status"):
                    members[value is JsonValue ? "text" : "json"] = Normalize(value);
                    break;
                case "headers" when value is JsonObject map:
                    // As the static scenarios' HTTP client saw them: the front end adds the length.
                    members[key] = Headers([.. map.Where(static header => header.Key != "content-length").Select(static header => new JsonArray(header.Key, (string?)header.Value))]);
                    break;
                case "headers" or "rawHeaders":
                case "ok" when value is JsonArray:
                    members[key] = Headers(value.AsArray());
                    break;
                case "threw" or "dispatchThrew" or "bodyError":
                    // The derived one stands for the base that callers catch.
                    members[key] = value is JsonObject thrown ? TypeFor(thrown)
                        : (string?)value is nameof(TaskCanceledException) ? nameof(OperationCanceledException) : value.DeepClone();
                    break;
                default:
                    members[key] = Normalize(value);
                    break;
            }
        }

        return new JsonObject(members);
    }

    private static JsonArray Headers(JsonArray headers) => new([.. headers
        .Select(static header => (Name: ((string)header![0]!).ToLowerInvariant(), Value: (string)header[1]!))
        .Where(static header => !s_ignoredHeaders.ContainsKey(header.Name))
        // "Content-Length: 0" says of a request what its absence says.
        .Where(static header => header != ("content-length", "0"))
        .Order()
        .Select(static header => new JsonArray(header.Name, header.Value))]);

    private static string TypeFor(JsonObject thrown)
    {
        string message = (string)thrown["message"]!;
        foreach ((string start, string type) in s_exceptions)
        {
            if (message.StartsWith(start, StringComparison.Ordinal) && (!thrown.ContainsKey("remote") || type is nameof(InvalidSubrequestException) or nameof(ArgumentOutOfRangeException)))
            {
                return type;
            }
        }

        // Whatever else comes from behind the platform's door, without its text.
        return thrown.ContainsKey("remote") || message.StartsWith("Network connection lost.", StringComparison.Ordinal)
            ? nameof(OutboundException)
            : message;
    }
}
