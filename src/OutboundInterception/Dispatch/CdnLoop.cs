namespace OutboundInterception;

/// <summary>Counts loops that leave the process and come back over HTTP (RFC 8586).</summary>
internal static class CdnLoop
{
    public const string Header = "CDN-Loop";

    private const int MaxLength = 8 * 1024;

    /// <summary>How often the request has been here.</summary>
    public static int Count(HttpRequestMessage request, string? id)
    {
        if (id is null || !MessageState.MayHaveHeaders(request) || !request.Headers.NonValidated.TryGetValues(Header, out var values))
        {
            return 0;
        }

        int length = 0;
        foreach (string value in values)
        {
            length += value.Length + 1;
        }

        if (length > MaxLength)
        {
            // Goes on with each subrequest, and counts as more levels than there may be.
            return int.MaxValue / 2;
        }

        int count = 0;
        foreach (string value in values)
        {
            foreach (Range entry in value.AsSpan().Split(','))
            {
                ReadOnlySpan<char> name = value.AsSpan(entry);
                int parameters = name.IndexOf(';');
                name = (parameters < 0 ? name : name[..parameters]).Trim();
                count += name.Equals(id, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>
    /// What subrequests of a dispatch carry: what its own request carried, and one entry for each level of the dispatch that
    /// is not in there, so that a nested dispatch with a fresh request does not begin to count anew.
    /// </summary>
    public static string? Next(HttpRequestMessage request, string? id, int depth)
    {
        if (id is null)
        {
            return null;
        }

        string own = depth == 0 ? id : string.Join(", ", Enumerable.Repeat(id, depth + 1 - Count(request, id)));
        return MessageState.MayHaveHeaders(request) && request.Headers.NonValidated.TryGetValues(Header, out var values) ? $"{values}, {own}" : own;
    }
}
