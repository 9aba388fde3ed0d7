namespace OutboundInterception;

/// <summary>Gives the value of a <see cref="Credential"/>. Safe for use by several threads.</summary>
internal abstract class CredentialSource
{
    /// <summary>Whether asking once more may give another value.</summary>
    public abstract bool CanRefresh { get; }

    /// <param name="context">The subrequest.</param>
    /// <param name="rejected">What the origin has answered 401 to.</param>
    /// <param name="cancellationToken">Ends the waiting of this subrequest alone.</param>
    /// <returns><see langword="null"/> to add nothing; with <paramref name="rejected"/>, that again if there is no other.</returns>
    /// <exception cref="CredentialException">There is none to be had.</exception>
    public abstract ValueTask<IssuedCredential?> GetAsync(CredentialContext context, IssuedCredential? rejected, CancellationToken cancellationToken);

    /// <summary>Remembers that the origin did not accept a value, for a request that cannot be sent again.</summary>
    public virtual void Reject(CredentialContext context, IssuedCredential rejected)
    {
    }
}
