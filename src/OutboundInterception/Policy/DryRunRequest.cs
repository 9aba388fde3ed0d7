using System.Net.Http.Headers;

namespace OutboundInterception;

/// <summary>A request to try a policy on, made of whatever record of it there is.</summary>
/// <param name="Tenant">The name of the tenant that sent it.</param>
/// <param name="Method">Its method.</param>
/// <param name="Uri">Its absolute URL; without the path, rules with path prefixes judge <c>/</c>.</param>
public readonly record struct DryRunRequest(string Tenant, HttpMethod Method, Uri Uri)
{
    /// <summary>
    /// Its headers, which records seldom keep. Without them, allow rules that ask for headers admit nothing and deny rules
    /// that do refuse all.
    /// </summary>
    public HttpRequestHeaders? Headers { get; init; }
}
