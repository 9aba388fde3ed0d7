namespace OutboundInterception;

/// <summary>A value that never changes.</summary>
internal sealed class StaticCredential(IssuedCredential issued) : Credential
{
    public override string ToString() => $"Credential in {issued.Header}";

    internal override CredentialSource CreateSource(IServiceProvider services) => new Source(issued);

    private sealed class Source(IssuedCredential issued) : CredentialSource
    {
        public override bool CanRefresh => false;

        public override ValueTask<IssuedCredential?> GetAsync(CredentialContext context, IssuedCredential? rejected, CancellationToken cancellationToken) =>
            new(issued);
    }
}
