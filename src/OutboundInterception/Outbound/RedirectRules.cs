namespace OutboundInterception;

/// <summary>Where a redirect leads (Fetch standard, HTTP-redirect fetch), stricter where following it would be a leak.</summary>
internal static class RedirectRules
{
    /// <summary>The target as the origin wrote it, or <see langword="null"/> if the response is no redirect.</summary>
    public static string? Location(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)
            || !response.Headers.NonValidated.TryGetValues("Location", out var values))
        {
            return null;
        }

        string location = values.ToString().Trim();
        return location.Length == 0 ? null : location;
    }

    /// <exception cref="InvalidSubrequestException">It leads nowhere, to another scheme than HTTP, or from https to http.</exception>
    public static Uri Resolve(Uri current, string location)
    {
        // "/path" alone is an absolute file URI to Uri on Unix.
        if (!Uri.TryCreate(current, location, out Uri? target))
        {
            throw new InvalidSubrequestException(SubrequestProblem.Redirect, "The origin redirected to something that is no URL.");
        }

        if (target.Scheme != Uri.UriSchemeHttp && target.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidSubrequestException(SubrequestProblem.Redirect, $"The origin redirected to the scheme '{target.Scheme}', which is not followed.");
        }

        if (current.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp)
        {
            throw new InvalidSubrequestException(SubrequestProblem.Redirect, "The origin redirected from https to http, which is not followed.");
        }

        return target;
    }

    public static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);
}
