using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;

namespace OutboundInterception;

/// <summary>How the platform signs tokens of its own. Must not change once it is in use.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SignedTokenOptions
{
    /// <summary>Key and algorithm. They stay the caller's to dispose, after the namespace.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    [JsonIgnore]
    public SigningCredentials? SigningCredentials { get; init; }

    /// <summary>The <c>iss</c> claim.</summary>
    public required string Issuer { get; init; }

    /// <summary>The <c>aud</c> claim: whom the token is for, so that nobody else accepts it.</summary>
    public required string Audience { get; init; }

    /// <summary>How long a token is valid.</summary>
    /// <value>One second to one day; 5 minutes by default.</value>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Further claims, such as <c>sub</c>. Called for each subrequest, by several threads at once.</summary>
    /// <value><see langword="null"/> by default: none.</value>
    [JsonIgnore]
    public Func<CredentialContext, IDictionary<string, object>>? Claims { get; init; }

    /// <summary>Issuer and audience, without the key.</summary>
    public override string ToString() => $"tokens of '{Issuer}' for '{Audience}'";

    internal void ThrowIfInvalid()
    {
        ArgumentNullException.ThrowIfNull(SigningCredentials);
        ArgumentException.ThrowIfNullOrWhiteSpace(Issuer);
        ArgumentException.ThrowIfNullOrWhiteSpace(Audience);
        ArgumentOutOfRangeException.ThrowIfLessThan(Lifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Lifetime, TimeSpan.FromDays(1));
    }
}
