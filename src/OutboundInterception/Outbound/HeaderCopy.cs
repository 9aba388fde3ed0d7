using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>Copies headers, and what else is before a body, as they are.</summary>
internal static class HeaderCopy
{
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

    /// <summary>Adds one to others. A single value as the string it is: as a sequence it would be two objects more.</summary>
    public static bool TryAdd(this HttpHeaders headers, string name, HeaderStringValues values) => values.Count == 1
        ? headers.TryAddWithoutValidation(name, values.ToString())
        : headers.TryAddWithoutValidation(name, values);
}
