using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>Copies headers as they are.</summary>
internal static class HeaderCopy
{
    /// <summary>Adds one to others. A single value as the string it is: as a sequence it would be two objects more.</summary>
    public static bool TryAdd(this HttpHeaders headers, string name, HeaderStringValues values) => values.Count == 1
        ? headers.TryAddWithoutValidation(name, values.ToString())
        : headers.TryAddWithoutValidation(name, values);
}
