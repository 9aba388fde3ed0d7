namespace OutboundInterception;

/// <summary>A value that a function of the host gives.</summary>
internal sealed class DelegateCredential(
    string header, string? scheme, Func<CredentialContext, CancellationToken, ValueTask<string?>> get) : Credential
{
    public override string ToString() => $"{scheme ?? "Credential"} in {header}, from a delegate";

    internal override CredentialSource CreateSource(IServiceProvider services) => new Source(header, scheme, get);

    private sealed class Source(
        string header, string? scheme, Func<CredentialContext, CancellationToken, ValueTask<string?>> get) : CredentialSource
    {
        public override bool CanRefresh => true;

        public override async ValueTask<IssuedCredential?> GetAsync(
            CredentialContext context, IssuedCredential? rejected, CancellationToken cancellationToken)
        {
            string? value = await get(context, cancellationToken).ConfigureAwait(false);
            if (value is null)
            {
                return null;
            }

            if (!IssuedCredential.IsValidValue(value))
            {
                throw new CredentialException(
                    CredentialFailure.InvalidValue, $"The delegate of the credential in {header} gave a value that is empty or has a character other than visible ASCII. Encode it.");
            }

            return scheme is null ? IssuedCredential.OfHeader(header, value) : IssuedCredential.OfBearer(value);
        }
    }
}
