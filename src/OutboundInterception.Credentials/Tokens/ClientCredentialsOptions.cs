using System.Diagnostics;
using System.Text.Json.Serialization;

namespace OutboundInterception;

/// <summary>A client of an OAuth 2.0 token endpoint. Must not change once it is in use.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ClientCredentialsOptions
{
    /// <summary>Where tokens are asked for.</summary>
    /// <value>Absolute, <c>https</c>; <c>http</c> for a loopback address alone.</value>
    public required Uri TokenEndpoint { get; init; }

    /// <summary>The client's name at the token endpoint.</summary>
    public required string ClientId { get; init; }

    /// <summary>The client's secret.</summary>
    /// <value>Neither serialized nor shown by a debugger.</value>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? ClientSecret { get; init; }

    /// <summary>How the secret is shown.</summary>
    /// <value><see cref="ClientAuthentication.Header"/> by default.</value>
    public ClientAuthentication Authentication { get; init; }

    /// <summary>The scopes that are asked for, with spaces between.</summary>
    /// <value><see langword="null"/> by default: the server's choice.</value>
    public string? Scope { get; init; }

    /// <summary>The resource that the token is to be for (RFC 8707).</summary>
    public string? Resource { get; init; }

    /// <summary>The audience, which some servers ask for instead of a resource.</summary>
    public string? Audience { get; init; }

    /// <summary>How long before its end a token is no longer used; at most half of its lifetime.</summary>
    /// <value>At least zero; one minute by default.</value>
    public TimeSpan RefreshBefore { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a token is used whose lifetime the server does not tell.</summary>
    /// <value>More than zero; 5 minutes by default.</value>
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one request to the token endpoint may take.</summary>
    /// <value>More than zero; 10 seconds by default.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The shortest time between two refreshes because of a 401 for the same tenant: else a tenant could have the token endpoint
    /// called as often as it likes, with requests that the origin always refuses. In between, the tenant gets the 401.
    /// </summary>
    /// <value>At least zero; 10 seconds by default.</value>
    public TimeSpan RejectionInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The client and its endpoint, without the secret.</summary>
    public override string ToString() => $"client '{ClientId}' of {TokenEndpoint}";

    internal void ThrowIfInvalid()
    {
        if (TokenEndpoint is not { IsAbsoluteUri: true } || (TokenEndpoint.Scheme != Uri.UriSchemeHttps && !(TokenEndpoint.Scheme == Uri.UriSchemeHttp && TokenEndpoint.IsLoopback)))
        {
            throw new ArgumentException("The token endpoint must be an absolute https URL: the client's secret is sent to it. (http is for a loopback address alone.)");
        }

        if (TokenEndpoint.UserInfo.Length > 0)
        {
            throw new ArgumentException("The token endpoint must have no user name or password in its URL, which may be logged: use ClientId and ClientSecret.");
        }

        ArgumentException.ThrowIfNullOrWhiteSpace(ClientId);
        ArgumentOutOfRangeException.ThrowIfLessThan(RefreshBefore, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(DefaultLifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(RejectionInterval, TimeSpan.Zero);
    }
}
