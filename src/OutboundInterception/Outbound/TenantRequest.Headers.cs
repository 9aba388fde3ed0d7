using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>Its headers: copied once, checked, and put into each hop's message.</summary>
internal partial struct TenantRequest
{
    // The original's (128 KB for all headers of a request): what leaves in headers is in no limit of the dispatch.
    private const int MaxHeadersLength = 128 * 1024;
    private const int Separators = 2;

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
                (_bodyHeaders ??= []).Add(new(name, copied));
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
        // With what stands between them on the wire: of empty values there could be millions.
        length += name.Length + Separators + (value is string single ? single.Length : ((string[])value).Sum(static part => part.Length + Separators));
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
