using System.Diagnostics;

namespace OutboundInterception;

/// <summary>A secret that the platform adds to requests of its tenants, and how it comes by it. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class Credential
{
    private protected Credential()
    {
    }

    /// <summary>A header whose value is always the same, such as an API key.</summary>
    /// <param name="name">Its name; not one of framing, forwarding or the connection.</param>
    /// <param name="value">Visible ASCII. Both it and its parts between spaces count as secret.</param>
    /// <exception cref="ArgumentException">Name or value cannot be sent. The message does not repeat the value.</exception>
    public static Credential Header(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ThrowIfNotAllowed(name);
        return IssuedCredential.IsValidValue(value)
            ? new StaticCredential(IssuedCredential.OfHeader(name, value))
            : throw new ArgumentException($"The value of {name} is empty or has a character other than visible ASCII. Encode it.", nameof(value));
    }

    /// <summary>A header whose value a function gives for each subrequest.</summary>
    /// <param name="name">Its name; not one of framing, forwarding or the connection.</param>
    /// <param name="value">Called for each subrequest, by several threads at once. <see langword="null"/> adds nothing.</param>
    /// <exception cref="ArgumentException">The header cannot be sent.</exception>
    public static Credential Header(string name, Func<CredentialContext, CancellationToken, ValueTask<string?>> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ThrowIfNotAllowed(name);
        return new DelegateCredential(name, scheme: null, value);
    }

    /// <summary>User name and password (RFC 7617), in UTF-8.</summary>
    /// <exception cref="ArgumentException">The user name has a colon, which would end it.</exception>
    public static Credential Basic(string userName, string password)
    {
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(password);
        return userName.Contains(':')
            ? throw new ArgumentException("A user name with a colon cannot be sent: what follows would be read as the password.", nameof(userName))
            : new StaticCredential(IssuedCredential.OfBasic(userName, password));
    }

    /// <summary>A bearer token (RFC 6750) that a function gives for each subrequest.</summary>
    /// <param name="token">Called for each subrequest, by several threads at once. <see langword="null"/> adds nothing.</param>
    public static Credential Bearer(Func<CredentialContext, CancellationToken, ValueTask<string?>> token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new DelegateCredential("Authorization", "Bearer", token);
    }

    /// <summary>
    /// A bearer token from an OAuth 2.0 token endpoint by the client credentials grant (RFC 6749, section 4.4), kept for each
    /// tenant and resource until shortly before it expires. When the origin answers 401, it is asked for once more.
    /// </summary>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public static Credential ClientCredentials(ClientCredentialsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        return new ClientCredential(_ => options);
    }

    /// <summary>The same with a client that a function chooses for each subrequest, for platforms whose tenants have one each.</summary>
    /// <param name="choose">Called for each subrequest, by several threads at once. What it returns must not change afterwards.</param>
    public static Credential ClientCredentials(Func<CredentialContext, ClientCredentialsOptions> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        return new ClientCredential(choose);
    }

    /// <summary>A JSON Web Token (RFC 7519) that the platform signs for each subrequest, as a bearer token.</summary>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public static Credential SignedToken(SignedTokenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        return new SignedTokenCredential(options);
    }

    /// <summary>Which kind of credential it is, and nothing of the secret.</summary>
    public abstract override string ToString();

    internal abstract CredentialSource CreateSource(IServiceProvider services);

    private static void ThrowIfNotAllowed(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        using HttpRequestMessage probe = new();
        if (!HeaderRules.GoesOn(name) || name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase) || !probe.Headers.TryAddWithoutValidation(name, "value"))
        {
            throw new ArgumentException($"'{name}' is no header that a credential may stand in. Use Authorization, or one of the API's own.", nameof(name));
        }
    }
}
