using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>A request to try a policy on, made of whatever record of it there is.</summary>
/// <param name="Tenant">The name of the tenant that sent it.</param>
/// <param name="Method">Its method.</param>
/// <param name="Uri">Its absolute URL; without the path, rules with path prefixes judge <c>/</c>. That of a raw connection has the scheme <c>tcp</c>.</param>
public readonly record struct DryRunRequest(string Tenant, HttpMethod Method, Uri Uri)
{
    /// <summary>
    /// Its headers, which records seldom keep. Without them, allow rules that ask for headers admit nothing and deny rules
    /// that do refuse all, and the result is no longer certain (<see cref="DryRunDifference.IsCertain"/>).
    /// </summary>
    public HttpRequestHeaders? Headers { get; init; }

    /// <summary>
    /// Whether the path of <see cref="Uri"/> is not all of it, or has placeholders for parts of it, as that of a record made with
    /// <see cref="RecordedUrl.Template"/>. Then rules with path prefixes are judged as those on headers without headers are.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IsPathPartial { get; init; }
}
