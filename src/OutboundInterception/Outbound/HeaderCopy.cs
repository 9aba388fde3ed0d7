using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>Copies headers, and what else is before a body, as they are.</summary>
internal static class HeaderCopy
{
    // ": " and the line's end.
    private const int Separators = 4;

    /// <summary>Makes a response of our own that says what another does, but for its body.</summary>
    public static HttpResponseMessage WithoutContent(this HttpResponseMessage response, HttpRequestMessage request)
    {
        HttpResponseMessage copy = new(response.StatusCode) { Version = response.Version, ReasonPhrase = response.ReasonPhrase, RequestMessage = request };
        foreach ((string name, var values) in response.Headers.NonValidated)
        {
            copy.Headers.TryAdd(name, values);
        }

        return copy;
    }

    /// <summary>How long they are together, about as they are on the wire.</summary>
    public static long Length(this HttpHeaders headers)
    {
        long length = 0;
        foreach ((string name, var values) in headers.NonValidated)
        {
            foreach (string value in values)
            {
                length += name.Length + value.Length + Separators;
            }
        }

        return length;
    }

    /// <summary>Adds one to others. A single value as the string it is: as a sequence it would be two objects more.</summary>
    public static bool TryAdd(this HttpHeaders headers, string name, HeaderStringValues values) => values.Count == 1
        ? headers.TryAddWithoutValidation(name, values.ToString())
        : headers.TryAddWithoutValidation(name, values);
}
