using System.Net.Http.Headers;
using System.Runtime.InteropServices;

namespace OutboundInterception;

/// <summary>
/// Lets what an outbound worker adds prevail over what the tenant had under the same name. Where both were sent, it would be the
/// server's affair whose counts: some take the first, some the last.
/// </summary>
internal static class WorkerHeaders
{
    // Of these, a worker may well add one to the tenant's.
    private static readonly HeaderNameSet s_lists = new(
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Cache-Control", "Cookie", "If-Match", "If-None-Match",
        "Link", "Pragma", "Prefer", "Range", "TE", "User-Agent", "Via", "Warning");

    // What the platform sets itself, and what only a WebSocket may ask for.
    private static readonly HeaderNameSet s_platforms = new("Host", "Transfer-Encoding", CdnLoop.Header, "Upgrade");

    /// <summary>
    /// Goes once over what is about to be sent: nearly all of it is the tenant's as it was put in, which has been looked at.
    /// </summary>
    /// <param name="headers">It.</param>
    /// <param name="tenants">The tenant's own, each a string or an array of them.</param>
    /// <returns>Whether a worker has added what is the platform's to set.</returns>
    /// <exception cref="InvalidOperationException">A worker has set a value that cannot be sent.</exception>
    public static bool Review(HttpRequestHeaders headers, List<KeyValuePair<string, object>> tenants)
    {
        bool havePlatforms = false;
        bool arePlain = true;
        int known = 0;
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            arePlain = arePlain && HeaderRules.IsPlain(name);

            // In the order in which they were put in: to look each of them up takes the square of their number.
            bool isTenants = known < tenants.Count && name.Equals(tenants[known].Key, StringComparison.OrdinalIgnoreCase)
                && values.Count == Count(tenants[known].Value);
            if (isTenants && tenants[known++].Value is string given && ReferenceEquals(given, values.ToString()))
            {
                continue;
            }

            havePlatforms = havePlatforms || (!isTenants && s_platforms.Contains(name));
            foreach (string value in values)
            {
                ThrowIfInvalid(name, value);
            }
        }

        if (known < tenants.Count)
        {
            PreferAdded(headers, tenants);
        }

        if (!arePlain && tenants.Count > 0)
        {
            RemoveOtherSpellings(headers, tenants);
        }

        return havePlatforms;
    }

    /// <exception cref="InvalidOperationException">It cannot be sent.</exception>
    public static void ThrowIfInvalid(string name, string value)
    {
        if (!HeaderRules.IsValidValue(value))
        {
            throw new InvalidOperationException($"An outbound worker set the header {name} to a value with a control character or one outside of ASCII.");
        }
    }

    private static void PreferAdded(HttpRequestHeaders headers, List<KeyValuePair<string, object>> tenants)
    {
        foreach ((string name, object value) in tenants)
        {
            if (headers.NonValidated.TryGetValues(name, out HeaderStringValues sent) && sent.Count > Count(value) && !s_lists.Contains(name)
                && Added(sent, value) is { } added)
            {
                headers.Remove(name);
                headers.TryAddWithoutValidation(name, added);
            }
        }
    }

    // Of what servers may take for one header, that which is as the tenant gave it goes. The last stays if all are.
    private static void RemoveOtherSpellings(HttpRequestHeaders headers, List<KeyValuePair<string, object>> tenants)
    {
        Dictionary<string, int> spellings = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, _) in headers.NonValidated)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(spellings, HeaderRules.Plain(name), out _)++;
        }

        foreach ((string name, object value) in tenants)
        {
            if (headers.NonValidated.TryGetValues(name, out HeaderStringValues sent) && sent.Count == Count(value) && Added(sent, value) is not null)
            {
                ref int count = ref CollectionsMarshal.GetValueRefOrNullRef(spellings, HeaderRules.Plain(name));
                if (count > 1)
                {
                    count--;
                    headers.Remove(name);
                }
            }
        }
    }

    private static int Count(object value) => value is string ? 1 : ((string[])value).Length;

    // Once somebody has read it as what it says, a header is written anew from that, with other blanks.
    private static bool AreTheSame(string one, string other) =>
        one == other || one.Where(static character => character != ' ' && character != '\t').SequenceEqual(other.Where(static character => character != ' ' && character != '\t'));

    private static List<string>? Added(HeaderStringValues sent, object tenants)
    {
        List<string> added = [];
        int index = 0;
        int known = Count(tenants);
        foreach (string value in sent)
        {
            if (index >= known)
            {
                added.Add(value);
            }
            else if (!AreTheSame(value, tenants as string ?? ((string[])tenants)[index]))
            {
                return null;
            }

            index++;
        }

        return added;
    }
}
