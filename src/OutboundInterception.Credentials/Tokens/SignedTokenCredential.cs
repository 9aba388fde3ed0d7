using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OutboundInterception;

/// <summary>A token that the platform signs.</summary>
internal sealed class SignedTokenCredential(SignedTokenOptions options) : Credential
{
    public override string ToString() => $"Bearer in Authorization, {options}";

    internal override CredentialSource CreateSource(IServiceProvider services) =>
        new Source(options, services.GetRequiredService<TimeProvider>());

    private sealed class Source(SignedTokenOptions options, TimeProvider time) : CredentialSource
    {
        private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

        // Another one would say the same.
        public override bool CanRefresh => false;

        public override ValueTask<IssuedCredential?> GetAsync(CredentialContext context, IssuedCredential? rejected, CancellationToken cancellationToken)
        {
            DateTime now = time.GetUtcNow().UtcDateTime;
            string token = _handler.CreateToken(new SecurityTokenDescriptor
            {
                Issuer = options.Issuer,
                Audience = options.Audience,
                Claims = options.Claims?.Invoke(context),
                IssuedAt = now,
                NotBefore = now,
                Expires = now + options.Lifetime,
                SigningCredentials = options.SigningCredentials,
            });
            return new(IssuedCredential.OfBearer(token));
        }
    }
}
