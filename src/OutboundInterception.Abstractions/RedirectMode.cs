namespace OutboundInterception;

/// <summary>What happens when an answer is a redirect (301, 302, 303, 307, 308 with a <c>Location</c>).</summary>
public enum RedirectMode
{
    /// <summary>
    /// It is followed, at most 20 times (Fetch standard, HTTP-redirect fetch, step 7). Each hop is a subrequest of its
    /// own that policy and outbound workers see.
    /// </summary>
    Follow,

    /// <summary>The redirect itself is the answer.</summary>
    Manual,

    /// <summary>It is a failure: <see cref="InvalidSubrequestException"/> with <see cref="SubrequestProblem.Redirect"/>.</summary>
    Error,
}
